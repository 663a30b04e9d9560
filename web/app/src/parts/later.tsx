/* Pages that are loaded when somebody opens them, with words of their own. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { loadWords, type Part, t } from "../i18n";
import { Problem, Skeleton } from "./notes";

const sheets = new Map<Part, Promise<void>>();

/* The look of these pages, where they have one of their own (build.mjs); once. */
function loadLook(part: Part): Promise<void> {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="styles"]');
  const address = (JSON.parse(meta?.content || "{}") as Partial<Record<Part, string>>)[part];
  if (!address) return Promise.resolve();
  const already = sheets.get(part);
  if (already) return already;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  const job = new Promise<void>((done, fail) => {
    link.onload = () => done();
    link.onerror = () => fail(new Error(`style ${address}`));
  });
  sheets.set(part, job);
  job.catch(() => {
    link.remove();
    sheets.delete(part);
  });
  document.head.append(link);
  return job;
}

type PropsOf<C> = C extends (props: infer P) => unknown ? P : C extends ComponentType<infer P> ? P : never;

/* const Place = later(() => import("./pages/place"), "Place"); a folder is named with its /index. */
export function later<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
  words?: Part,
): ComponentType<PropsOf<Module[Name]>> {
  type P = PropsOf<Module[Name]>;
  let loaded: ComponentType<P> | null = null;
  const fetch = async () => {
    const [module] = await Promise.all([load(), words && loadWords(words), words && loadLook(words)]);
    loaded = module[name] as ComponentType<P>;
  };
  return function Later(props: P) {
    const [error, fail] = useState<unknown>(null);
    const [, redraw] = useState(0);
    useEffect(() => {
      if (loaded || error) return;
      fetch().then(
        () => redraw((n) => n + 1),
        () => fail(new ApiError(0, "unreachable", "", null, null)),
      );
    }, [error]);
    if (error) return <Problem error={error} retry={() => fail(null)} />;
    const Page = loaded;
    return Page ? <Page {...(props as P & object)} /> : <Skeleton label={t("common.loading")} />;
  };
}
