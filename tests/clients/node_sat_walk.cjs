// Drives node-sat against a sandbox and writes what it understood, as JSON.
//
// Run by tests/test_tokopedia_clients.py in a folder that has node-sat:
// node node_sat_walk.cjs SANDBOX_URL PRIVATE_KEY PROVIDER_PUBLIC_KEY
const { createRequire } = require("module");
const { APIClient, Config, Signature, SignatureConfig } = createRequire(
  `${process.cwd()}/`,
)("node-sat");

const [url, privateKey, publicKey] = process.argv.slice(2);
const client = new APIClient(
  "sandbox-partner",
  "sandbox-secret",
  Config.baseURL(`${url}/api`),
  Config.tokenURL(url),
  Config.shouldVerifySignature(),
  Config.withSignature(
    new Signature(
      SignatureConfig.withPrivateKeyFromFile(privateKey),
      SignatureConfig.withPublicKeyFromFile(publicKey),
    ),
  ),
);
const code = (answer) => answer.errors[0].code;
const status = (answer) => answer.data.attributes.status;

async function walk() {
  const told = { ping: (await client.ping()).data.status };
  told.saldo = (await client.account()).data.data.attributes.saldo;
  const asked = {
    product_code: "pbb-dki-jakarta",
    client_number: "317103000201711111",
    fields: [{ name: "period", value: "2022" }],
  };
  const bill = (await client.inquiry(asked)).data.data.attributes;
  told.inquired = [
    bill.client_number,
    bill.base_price + bill.admin_fee === bill.sales_price,
  ];
  const nothing = { ...asked, product_code: "nothing" };
  told["no-bill"] = code((await client.inquiry(nothing)).data);
  const order = { ...asked, request_id: "node-1", amount: bill.sales_price };
  told.checkout = status(await client.checkout(order));
  told.again = code(await client.checkout(order));
  told.looks = [];
  for (let look = 0; look < 2; look += 1) {
    const details = (await client.check_status("node-1")).data;
    told.looks.push(status(details));
    told.entries = (details.data.attributes.fulfillment_result || []).length;
    told.fulfilled = details.data.attributes.fulfilled_at !== null;
  }
  told.failing = status(
    await client.checkout({
      request_id: "node-2",
      product_code: "50k-simpati",
      client_number: "081211311999",
    }),
  );
  told.failed = [];
  for (let look = 0; look < 2; look += 1) {
    told.failed.push(status((await client.check_status("node-2")).data));
  }
  told.missing = code((await client.check_status("node-3")).data);
  return told;
}

walk().then(
  (told) => process.stdout.write(JSON.stringify(told)),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
