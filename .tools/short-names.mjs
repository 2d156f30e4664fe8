// What the module and its JavaScript call each other by, in short: node short-names.mjs names.json cache.json
// takes wasm-opt's list of names, writes it as esbuild's cache, and prints the pattern of what is to be renamed.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , listed, cache] = process.argv;
const { imports, exports } = JSON.parse(readFileSync(listed, 'utf8'));
// wasm-opt calls the one module of all imports `a`.
const names = new Map([...imports.map(([, long, short]) => [long, short]), ...exports, [imports[0][0], 'a']]);
writeFileSync(cache, JSON.stringify(Object.fromEntries(names)));
const literally = (name) => name.replace(/[^\w]/g, '\\$&');
console.log(`^(${[...names.keys()].map(literally).join('|')})$`);
