// Runs in the report: unpacks Allure's program and its data, and hands both to the page, at once or
// when a link of the first page is followed. An address with a # leads to a place in Allure's part.
// Allure's program asks window.allureReportData for base64 text by name; it is made when asked for.
const unpack = async () => {
  document.getElementById("kontrak")?.remove();
  const packed = document.getElementById("kontrak-packed");
  const bytes = Uint8Array.from(atob(packed.textContent.trim()), (one) => one.charCodeAt(0));
  packed.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { programs, texts, encoded, same } = await new Response(stream).json();

  const base64 = (text) => {
    const all = new TextEncoder().encode(text);
    let characters = "";
    // In pieces: a call takes only so many arguments.
    for (let at = 0; at < all.length; at += 0x8000) {
      characters += String.fromCharCode(...all.subarray(at, at + 0x8000));
    }
    return btoa(characters);
  };
  // A test's earlier results are packed as [start, status, duration].
  const earlier = ([start, status, duration], at) => ({
    id: `${at}`, name: "", status, start, stop: start + duration, duration,
    environment: "default", labels: [], url: "", reportLinks: [],
  });
  const whole = (name) => {
    if (!name.startsWith("data/test-results/")) return texts[name];
    const result = JSON.parse(texts[name]);
    return JSON.stringify({ ...result, history: result.history.map(earlier) });
  };
  const place = (name) => same[name] ?? name;
  window.allureReportData = new Proxy(texts, {
    has: (_, name) => place(name) in texts || place(name) in encoded,
    get: (_, name) => encoded[place(name)] ?? base64(whole(place(name))),
  });
  window.allureReportDataReady = true;
  for (const program of programs) {
    const script = document.createElement("script");
    script.textContent = program;
    document.body.append(script);
  }
};

const open = (hash) => {
  history.replaceState(null, "", hash === "#all" ? location.pathname + location.search : hash);
  unpack().then(() => {
    const back = document.createElement("a");
    back.textContent = "\u2190 verdict";
    back.href = location.pathname;
    back.style = "position:fixed;left:12px;bottom:12px;z-index:99;padding:4px 10px;border-radius:6px;"
      + "background:#0969da;color:#fff;font:600 13px system-ui;text-decoration:none";
    back.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", location.pathname + location.search);
      location.reload();
    });
    if (first) document.body.append(back);
  }).catch((error) => {
    document.body.textContent = `This browser cannot unpack the report (${error}): use a newer one.`;
  });
};

const first = document.getElementById("kontrak");
const loader = document.getElementById("allure-app-loader");
if (first && !location.hash) {
  loader?.setAttribute("hidden", "");
  loader?.style.setProperty("display", "none");
  first.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-allure]");
    if (!link) return;
    event.preventDefault();
    loader?.style.removeProperty("display");
    open(link.hash);
  });
} else {
  open(location.hash || "#all");
}
