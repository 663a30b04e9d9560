/* "How is this worked out?": the school's rule behind on track, with its numbers. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { isMissing, useLoad } from "../parts/load";
import { Problem, Skeleton } from "../parts/notes";
import type { Track } from "../plan-types";
import { TrackMark } from "./bits";

export interface TrackNumbers {
  behind_late: number;
  support_late: number;
  support_help: number;
  behind_watch: number;
  behind_risk: number;
  support_risk: number;
  slack_percent: number;
}

/* The rule in sentences, one list for what each word means. */
export function RuleWords({ rule: r }: { rule: TrackNumbers }) {
  const words: [Track, string[]][] = [
    ["support", [t("planreport.rule_late", { n: r.support_late }), t("planreport.rule_help", { n: r.support_help }), t("planreport.rule_risk", { n: r.support_risk })]],
    [
      "behind",
      [
        t("planreport.rule_late", { n: r.behind_late }),
        t("planreport.rule_help", { n: 1 }),
        t("planreport.rule_risk", { n: r.behind_risk }),
        t("planreport.rule_watch", { n: r.behind_watch }),
        t("planreport.rule_slack", { n: r.slack_percent }),
      ],
    ],
    ["ahead", [t("planreport.rule_ahead")]],
    ["on", [t("planreport.rule_on")]],
  ];
  return (
    <dl class="rule">
      {words.map(([track, list]) => (
        <div key={track}>
          <dt>
            <TrackMark value={track} />
          </dt>
          <dd>
            {list.length > 1 && <p class="small muted">{t("planreport.rule_any")}</p>}
            <ul class={list.length > 1 ? "bullets" : undefined}>
              {list.map((l) => (
                <li key={l}>{l}</li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Rule({ close }: { close: () => void }) {
  const { data, error, again } = useLoad<{ track: TrackNumbers }>("school");
  return (
    <Dialog
      title={t("planreport.rule_title")}
      hint={t("planreport.rule_hint")}
      close={close}
      submit={close}
      foot={<button class="btn btn--primary">{t("common.close")}</button>}
    >
      {error && !isMissing(error) ? <Problem error={error} retry={again} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && <RuleWords rule={data.track} />}
      <p class="small muted">{t("planreport.rule_own")}</p>
    </Dialog>
  );
}

export function RuleLink() {
  const [open, set] = useState(false);
  return (
    <>
      <button class="linkbtn small no-print" type="button" onClick={() => set(true)}>
        {t("planreport.rule_link")}
      </button>
      {open && <Rule close={() => set(false)} />}
    </>
  );
}

