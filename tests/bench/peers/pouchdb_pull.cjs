// node pouchdb_pull.cjs PACKAGES URL FOLDER BATCH: replicate everything into a new database; says how long that took.
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const [, , packages, url, folder, batch] = process.argv;
const PouchDB = createRequire(path.join(packages, 'package.json'))('pouchdb');

async function main() {
  fs.mkdirSync(folder, { recursive: true });
  const db = new PouchDB(path.join(folder, 'requests'));
  const begun = process.hrtime.bigint();
  const done = await PouchDB.replicate(url, db, { batch_size: Number(batch), batches_limit: 10 });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  console.log(JSON.stringify({ seconds, documents: done.docs_written }));
}

main();
