/*
 * Builds the browser's side: the application with what it loads later in pieces of
 * their own, a script for each page made in C that needs one, one style sheet, the
 * catalogs and an icon; each named by its content and compressed once here so that
 * the server never compresses anything.
 *
 *   node build.mjs --out DIR
 *
 * DIR/assets/*        the files, their .br and .gz
 * DIR/index.html      the page of the application
 * DIR/manifest.json   [{path, type, file, br, gz}] with paths relative to DIR
 * DIR/names.json      {"style": "/assets/ui.<hash>.css", ...}: what asset_url() finds
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const i18n = resolve(here, "../../i18n");
const target = ["chrome105", "safari15.4", "firefox110"];

/* Words only the server says; the browser would carry them for nothing. */
const serverOnly = ["mail", "refused", "landing", "api", "register", "doctor"];

/* Words that only pages loaded later say: loadWords() of i18n.ts fetches them. */
const parts = {
  admin: ["admin", "guide", "template", "school", "framework"],
  more: ["place", "report", "privacy"],
  plan: ["plan", "task", "meeting", "transfer"],
  print: ["print"],
  reports: ["planreport"],
  reviews: ["bank", "paste", "again", "remind", "keys", "ready"],
  students: ["students", "share"],
};

/* Pages made in C that need a script: asset_url("<name>") is src/<name>.ts. */
const pages = ["storage", "doctor", "register", "post"];

/* What the first page loads, and the scripts of the largest one, compressed as browsers ask for them. */
const firstPageMax = 60_000, scriptsMax = 120_000;

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

const options = {
  bundle: true,
  minify: true,
  format: "esm",
  target,
  write: false,
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

async function bundle(entry) {
  const result = await build({ ...options, entryPoints: [join(here, entry)] });
  return result.outputFiles[0].contents;
}

/*
 * The application: what is behind import() becomes a file of its own. Its pieces call
 * each other by name, so they keep the names esbuild gives them.
 */
async function application(entry) {
  const result = await build({
    ...options,
    entryPoints: { app: join(here, entry) },
    splitting: true,
    metafile: true,
    outdir: out,
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]",
    absWorkingDir: out,
  });
  const pieces = result.metafile.outputs;
  const main = Object.keys(pieces).find((name) => pieces[name].entryPoint?.endsWith(entry));
  const first = loadedBy(pieces, [main]);
  const sizes = {};
  for (const file of result.outputFiles) {
    const name = basename(file.path);
    store(name === main ? "script" : null, name, file.contents, first.includes(name));
    sizes[name] = compressed(file.contents).length;
  }
  for (const name of Object.keys(pieces)) {
    const page = loadedBy(pieces, [...first, name]).reduce((sum, n) => sum + sizes[n], 0);
    if (page > scripts.bytes) Object.assign(scripts, { bytes: page, name });
  }
  return first.slice(1).map((name) => `/assets/${name}`);
}

/* The pieces that come with these. */
function loadedBy(pieces, names) {
  const all = [...names];
  for (const name of all)
    for (const { kind, path } of pieces[name].imports)
      if (kind === "import-statement" && !all.includes(path)) all.push(path);
  return all;
}

/* Later files may add keys, never change one: two owners of a key are a mistake. */
function words(lang) {
  const all = {};
  const dir = join(i18n, lang);
  for (const name of readdirSync(dir).filter((n) => n.endsWith(".json")).sort()) {
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(join(dir, name), "utf8")))) {
      if (key in all) throw new Error(`${lang}/${name}: ${key} stands in two files`);
      all[key] = text;
    }
  }
  return Object.entries(all).filter(([key]) => !serverOnly.includes(key.split(".")[0]));
}

const partOf = (key) => Object.keys(parts).find((p) => parts[p].includes(key.split(".")[0])) ?? "";

/* {"": first, "admin": …}: addresses of a language's catalog and its parts. */
function catalogs(lang) {
  const all = words(lang);
  return Object.fromEntries(
    ["", ...Object.keys(parts)].map((part) => {
      const mine = Object.fromEntries(all.filter(([key]) => partOf(key) === part));
      const name = part ? `${part}-${lang}` : lang;
      return [part, put(`catalog-${name}`, name, "json", Buffer.from(JSON.stringify(mine)), !part && lang === "en")];
    }),
  );
}

/* {"plan": "/assets/plan.….css"}: a part with a look of its own has it in src/<part>.css, loaded with its words. */
async function partStyles() {
  const all = {};
  for (const part of Object.keys(parts).filter((p) => existsSync(join(here, `src/${p}.css`))))
    all[part] = put(`style-${part}`, part, "css", await bundle(`src/${part}.css`));
  return all;
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

let firstPage = 0;
const scripts = { bytes: 0, name: "" };

const compressed = (data) =>
  brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } });

function store(key, name, bytes, isFirst) {
  const data = Buffer.from(bytes);
  const file = `assets/${name}`;
  const br = compressed(data);
  const gz = gzipSync(data, { level: 9 });
  writeFileSync(join(out, file), data);
  writeFileSync(join(out, `${file}.br`), br);
  writeFileSync(join(out, `${file}.gz`), gz);
  manifest.push({ path: `/${file}`, type: types[name.split(".").at(-1)], file, br: `${file}.br`, gz: `${file}.gz` });
  if (key) names[key] = `/${file}`;
  if (isFirst) firstPage += br.length;
  console.log(`${file}  ${data.length} bytes, ${br.length} br, ${gz.length} gz${isFirst ? ", first page" : ""}`);
  return `/${file}`;
}

function put(key, name, ext, bytes, isFirst = false) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  return store(key, `${name}.${hash}.${ext}`, bytes, isFirst);
}

rmSync(join(out, "assets"), { recursive: true, force: true });
mkdirSync(join(out, "assets"), { recursive: true });

put("style", "ui", "css", await bundle("src/ui.css"), true);
const styles = await partStyles();
const preload = await application("src/main.tsx");
for (const name of pages) put(name, name, "js", await bundle(`src/${name}.ts`));
put("icon", "icon", "svg", readFileSync(join(here, "src/icon.svg")));

const fill = {
  ...names,
  catalogs: JSON.stringify(Object.fromEntries(languages().map((lang) => [lang, catalogs(lang)]))),
  styles: JSON.stringify(styles),
  preload: preload.map((path) => `<link rel="modulepreload" href="${path}">`).join(""),
};
const page = readFileSync(join(here, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, key) => {
  if (!(key in fill)) throw new Error(`index.html asks for ${key}`);
  return fill[key];
});
writeFileSync(join(out, "index.html"), page);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
writeFileSync(join(out, "names.json"), `${JSON.stringify(names, null, 1)}\n`);
console.log(`first page: ${firstPage} bytes; most scripts: ${scripts.bytes} bytes, with ${scripts.name}`);
if (firstPage > firstPageMax || scripts.bytes > scriptsMax) {
  console.error(`the first page may have ${firstPageMax} bytes, and no page more than ${scriptsMax} of scripts`);
  process.exit(1);
}
