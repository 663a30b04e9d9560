/* Bundles one source file in memory, so that tests import what the browser runs. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

export async function load(name) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../src/${name}`, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "error",
  });
  const code = Buffer.from(result.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
