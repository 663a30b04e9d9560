/* What stood in a field before, by whom and when; any of it can be taken back. */
import { useEffect, useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp, useField } from "../app";
import { t, when } from "../i18n";
import { Problem, Skeleton } from "../parts/notes";
import { usePlanContext } from "./context";

interface Version {
  rev: number;
  text: string | null;
  by: string;
  at: string;
}

interface Props {
  /* Where the versions are asked for. */
  path: string;
  name: string;
  show: (text: string | null) => string;
}

export function History({ path, name, show }: Props) {
  const { queue } = useApp();
  const now = useField(name)?.text ?? "";
  const [list, set] = useState<Version[] | null>(null);
  const [error, fail] = useState<unknown>(null);
  const load = () => {
    fail(null);
    api<{ versions: Version[] }>(path).then((a) => set(a.versions), fail);
  };
  useEffect(load, []);
  if (error !== null) return <Problem error={error} retry={load} />;
  if (!list) return <Skeleton label={t("common.loading")} />;
  if (list.length === 0) return <p class="hint">{t("plan.no_history")}</p>;
  const newest = [...list].sort((a, b) => b.rev - a.rev);
  return (
    <ol class="timeline history">
      {newest.map((v) => (
        <li key={v.rev}>
          <div class="timeline__top">
            <span class="muted small">
              <bdi>{v.by}</bdi>, <bdi>{when(v.at)}</bdi>
            </span>
            {(v.text ?? "") === now ? (
              <span class="muted small">{t("plan.stands_now")}</span>
            ) : (
              <button class="linkbtn small" type="button" onClick={() => queue.edit(name, v.text ?? "", 0)}>
                {t("plan.restore")}
                <span class="sr"> {show(v.text)}</span>
              </button>
            )}
          </div>
          <p class={v.text ? "quote" : "quote quote--empty"} dir="auto">
            {v.text ? show(v.text) : t("plan.emptied")}
          </p>
        </li>
      ))}
    </ol>
  );
}

export function PlanHistory({ object, field, ...rest }: { object: string; field: string } & Omit<Props, "path">) {
  const { page } = usePlanContext();
  return <History path={`plans/${page.plan.id}/history?object=${enc(object)}&field=${enc(field)}`} {...rest} />;
}
