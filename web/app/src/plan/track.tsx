/* On track: a shape and words, and how staff say otherwise. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { stamp, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon, type IconName } from "../parts/icons";
import { explain, FieldError, Note } from "../parts/notes";
import type { Track } from "../plan-types";
import { TrackRule } from "../planreport/track-rule";
import { useMay, usePlanContext } from "./context";
import { Menu } from "../parts/menu";

const shape: Record<Track | "none", IconName> = { ahead: "ahead", on: "on", behind: "behind", support: "support", none: "none" };

export function TrackMark({ value }: { value: Track | null }) {
  const key = value ?? "none";
  return (
    <span class={`track track--${key}`}>
      <Icon name={shape[key]} />
      {t(`plan.track_${key}`)}
    </span>
  );
}

function Say({ value, close }: { value: Track | null; close: () => void }) {
  const { sessionEnded } = useApp();
  const { page, load } = usePlanContext();
  const [reason, write] = useState("");
  const [problem, fail] = useState("");
  const [missing, complain] = useState(false);
  const put = async () => {
    complain(value !== null && !reason.trim());
    if (value !== null && !reason.trim()) return;
    try {
      await api(`plans/${page.plan.id}/track`, { method: "PUT", body: { track: value, reason: reason.trim() } });
      close();
      await load();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      fail(explain(e));
    }
  };
  return (
    <Dialog
      small
      title={t(value ? "plan.track_say" : "plan.track_rule")}
      close={close}
      submit={() => void put()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary">{t("plan.track_set")}</button>
        </>
      }
    >
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      <div class="stackv">
        {value && <TrackMark value={value} />}
        {value ? (
          <div class="field">
            <label for="track-reason">{t("plan.track_reason")}</label>
            <textarea class="textarea" id="track-reason" rows={3} data-first maxLength={1000} dir="auto" aria-invalid={missing} aria-describedby={missing ? "track-err" : "track-hint"} value={reason} onInput={(e) => write(e.currentTarget.value)} />
            <p class="hint" id="track-hint">
              {t("plan.track_reason_hint")}
            </p>
            <FieldError id="track-err" text={missing ? t("plan.track_reason_missing") : undefined} />
          </div>
        ) : (
          <p>{t("plan.track_rule_text")}</p>
        )}
      </div>
    </Dialog>
  );
}

export function TrackFact() {
  const { page } = usePlanContext();
  const may = useMay();
  const [say, ask] = useState<Track | null | undefined>(undefined);
  const track = page.track;
  if (!track) return null;
  const now = track.value;
  return (
    <div>
      <dt>{t("plan.track")}</dt>
      <dd>
        {may("track") ? (
          <Menu
            at="start"
            look="inline-edit"
            button={
              <>
                <span class="sr">{t("plan.change")} </span>
                <TrackMark value={now} />
                <Icon name="down" />
              </>
            }
          >
            {(["ahead", "on", "behind", "support"] as const).map((v) => (
              <li key={v}>
                <button type="button" aria-current={v === now ? "true" : undefined} onClick={() => ask(v)}>
                  <TrackMark value={v} />
                </button>
              </li>
            ))}
            {track.by && (
              <>
                <li class="sep" />
                <li>
                  <button type="button" onClick={() => ask(null)}>
                    {t("plan.track_rule")}
                  </button>
                </li>
              </>
            )}
          </Menu>
        ) : (
          <TrackMark value={now} />
        )}
        {track.by && (
          <small class="facts__why" dir="auto">
            {track.reason} {t("plan.by_at", { name: track.by, time: track.at ? stamp(track.at) : "" })}
          </small>
        )}
        {!track.by && (
          <small>
            <TrackRule />
          </small>
        )}
        {say !== undefined && <Say value={say} close={() => ask(undefined)} />}
      </dd>
    </div>
  );
}
