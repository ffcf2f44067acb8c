// Runs graphql-http's audits against a server and prints their results: node graphql-http.js http://host/graphql
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
