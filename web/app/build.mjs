/*
 * Builds the browser's side: one script, one style sheet, one catalog per
 * language, an icon and the page that loads them, each named by its content
 * and compressed once here so that the server never compresses anything.
 *
 *   node build.mjs --out DIR
 *
 * DIR/assets/*        the files, their .br and .gz
 * DIR/index.html      the page
 * DIR/manifest.json   [{path, type, file, br, gz, key}] with paths relative to DIR
 * DIR/names.json      {"style": "/assets/ui.<hash>.css", ...} for pages made by the server
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const i18n = resolve(here, "../../i18n");
const target = ["chrome105", "safari15.4", "firefox110"];

/* Words only the server says; the browser would carry them for nothing. */
const serverOnly = ["mail", "refused", "landing", "api"];

const types = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  svg: "image/svg+xml",
};

function outDir() {
  const at = process.argv.indexOf("--out");
  if (at < 0 || !process.argv[at + 1]) {
    console.error("usage: node build.mjs --out DIR");
    process.exit(2);
  }
  return resolve(process.argv[at + 1]);
}

async function bundle(entry) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target,
    write: false,
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  return result.outputFiles[0].contents;
}

/* Later files may add keys, never change one: two owners of a key are a mistake. */
function catalog(lang) {
  const all = {};
  const dir = join(i18n, lang);
  for (const name of readdirSync(dir).filter((n) => n.endsWith(".json")).sort()) {
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(join(dir, name), "utf8")))) {
      if (key in all) throw new Error(`${lang}/${name}: ${key} stands in two files`);
      all[key] = text;
    }
  }
  const mine = Object.entries(all).filter(([key]) => !serverOnly.includes(key.split(".")[0]));
  return Buffer.from(JSON.stringify(Object.fromEntries(mine)));
}

function languages() {
  return readdirSync(i18n, { withFileTypes: true })
    .filter((d) => d.isDirectory() && existsSync(join(i18n, d.name, "app.json")))
    .map((d) => d.name)
    .sort();
}

const out = outDir();
const manifest = [];
const names = {};

function put(key, name, ext, bytes) {
  const data = Buffer.from(bytes);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 8);
  const file = `assets/${name}.${hash}.${ext}`;
  const br = brotliCompressSync(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  });
  const gz = gzipSync(data, { level: 9 });
  writeFileSync(join(out, file), data);
  writeFileSync(join(out, `${file}.br`), br);
  writeFileSync(join(out, `${file}.gz`), gz);
  manifest.push({ path: `/${file}`, type: types[ext], file, br: `${file}.br`, gz: `${file}.gz`, key });
  names[key] = `/${file}`;
  console.log(`${file}  ${data.length} bytes, ${br.length} br, ${gz.length} gz`);
}

rmSync(join(out, "assets"), { recursive: true, force: true });
mkdirSync(join(out, "assets"), { recursive: true });

put("style", "ui", "css", await bundle("src/ui.css"));
put("script", "app", "js", await bundle("src/main.tsx"));
put("icon", "icon", "svg", readFileSync(join(here, "src/icon.svg")));
const catalogs = {};
for (const lang of languages()) {
  put(`catalog-${lang}`, lang, "json", catalog(lang));
  catalogs[lang] = names[`catalog-${lang}`];
}

const fill = { ...names, catalogs: JSON.stringify(catalogs) };
const page = readFileSync(join(here, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, key) => {
  if (!(key in fill)) throw new Error(`index.html asks for ${key}`);
  return fill[key];
});
writeFileSync(join(out, "index.html"), page);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
writeFileSync(join(out, "names.json"), `${JSON.stringify(names, null, 1)}\n`);
