// node pouchdb_serve.cjs PACKAGES FOLDER DOCUMENTS: serve the documents; says its address once it answers, ends with its input.
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const [, , packages, folder, documents] = process.argv;
const need = createRequire(path.join(packages, 'package.json'));
const PouchDB = need('pouchdb');
const express = need('express');

async function main() {
  fs.mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  const Served = PouchDB.defaults({ prefix: folder + path.sep });
  const db = new Served('requests');
  const rows = fs.readFileSync(documents, 'utf8').split('\n').map((line, rank) => ({ ...JSON.parse(line), _id: String(rank).padStart(8, '0') }));
  for (let at = 0; at < rows.length; at += 1000) await db.bulkDocs(rows.slice(at, at + 1000));
  const app = express();
  app.use('/', need('express-pouchdb')(Served, { mode: 'minimumForPouchDB' }));
  const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/requests`));
  process.stdin.resume().on('end', () => process.exit(0));
}

main();
