// Runs in the report: unpacks Allure's program and its data, and hands both to the page.
// Allure's program asks window.allureReportData for base64 text by name; it is made when asked for.
(async () => {
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
})().catch((error) => {
  document.body.textContent = `This browser cannot unpack the report (${error}): use a newer one.`;
});
