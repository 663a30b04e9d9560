/* Page numbers and names in the margins: a kind of page for each sheet, made while printing
 * is prepared. Browsers that know no margin boxes leave them out. */
export type Paper = "A4" | "letter";

/* A text between quotes in a style sheet. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/[\n\r\f]/g, " ").replace(/</g, "\\3c ")}"`;
}

export interface Margin {
  name: string; // of the kind of page
  left: string;
  right: string;
}

const margins = "margin: 15mm 16mm 17mm;";
const small = 'font: 8pt "Inter", "Segoe UI", system-ui, sans-serif; color: #3d4447;';

export function rules(paper: Paper, of: readonly Margin[], pageOf: (page: string, pages: string) => string): string {
  const [before, between, after] = pageOf("\u0001", "\u0002").split(/[\u0001\u0002]/);
  const count = `${quoted(before ?? "")} counter(page) ${quoted(between ?? "/")} counter(pages) ${quoted(after ?? "")}`;
  const page = (m: Margin) =>
    `.${m.name} { page: ${m.name}; }
@page ${m.name} { size: ${paper}; ${margins}
@bottom-left { content: ${quoted(m.left)}; ${small} }
@bottom-right { content: ${m.right ? `${quoted(`${m.right} · `)} ` : ""}${count}; ${small} } }`;
  return [`@page { size: ${paper}; ${margins} }`, ...of.map(page)].join("\n");
}

/* Constructed, as a policy against styles in pages asks for. */
export function adopt(text: string): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
  };
}
