// SPDX-License-Identifier: AGPL-3.0-or-later
// Gathers what browsers load: styles, scripts and one sprite of just the icons that pages name.
//
//   node tools/assets.mjs OUT_DIR PAGE_OR_LIST...
//
// Each asset gets a name with its content's hash, so that it may be cached for ever, and compressed
// copies where they are smaller. OUT_DIR/assets.json lists them for tools/embed.py. An icon is named
// by @icon(name) in a page, or on a line of pages/icons.txt when only C code knows it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
const FILES = {
  "tabler.css": "node_modules/@tabler/core/dist/css/tabler.min.css",
  "luyue.css": "pages/luyue.css",
  "luyue.js": "pages/luyue.js",
  "htmx.js": "node_modules/htmx.org/dist/htmx.min.js",
  "echarts.js": "node_modules/echarts/dist/echarts.common.min.js",
  "call_board.js": "pages/call_board.js",
  "inspect.css": "pages/inspect.css",
  "inspect.js": "pages/inspect.js",
  "inspect_worker.js": "pages/inspect_worker.js",
  "trend.js": "pages/trend.js",
  "icon.svg": "pages/icon.svg",
};
const TYPES = { ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml" };

function iconNames(sources) {
  const names = new Set();
  for (const source of sources) {
    const text = readFileSync(source, "utf8");
    if (extname(source) === ".txt") {
      for (const line of text.split("\n")) if (line && !line.startsWith("#")) names.add(line.trim());
    } else {
      for (const [, name] of text.matchAll(/@icon\(([a-z0-9-]+)\)/g)) names.add(name);
    }
  }
  return [...names].sort();
}

// Colours and strokes come from the page's style, so a symbol is its shapes alone.
function symbol(name) {
  const file = join(ROOT, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
  const svg = readFileSync(file, "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="ti-${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}

function sprite(names) {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("\n")}</svg>\n`);
}

// Only what saves a tenth is worth keeping twice.
function smaller(file, bytes, packed) {
  if (packed.length > bytes.length * 0.9) return null;
  writeFileSync(file, packed);
  return basename(file);
}

function write(outDir, name, bytes) {
  const extension = extname(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const file = `${basename(name, extension)}.${hash}${extension}`;
  const path = join(outDir, file);
  writeFileSync(path, bytes);
  return {
    name,
    path: `/assets/${file}`,
    type: TYPES[extension],
    file,
    br: smaller(`${path}.br`, bytes, brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    })),
    gz: smaller(`${path}.gz`, bytes, gzipSync(bytes, { level: 9 })),
  };
}

const [outDir, ...sources] = process.argv.slice(2);
if (!outDir || !sources.length) {
  console.error("usage: assets.mjs OUT_DIR PAGE_OR_LIST...");
  process.exit(2);
}
mkdirSync(outDir, { recursive: true });
for (const old of readdirSync(outDir)) if (/\.[0-9a-f]{8}\.(css|js|svg)/.test(old)) rmSync(join(outDir, old));

const assets = Object.entries(FILES).map(([name, file]) => {
  const text = readFileSync(join(ROOT, file), "utf8").replace(/\n?\/[*/]# sourceMappingURL=.*/g, "");
  return write(outDir, name, Buffer.from(text));
});
assets.push(write(outDir, "icons.svg", sprite(iconNames(sources))));
writeFileSync(join(outDir, "assets.json"), JSON.stringify(assets, null, 1) + "\n");
