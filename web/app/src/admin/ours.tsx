/* What platforms must be told of us: invitations to register, addresses, signing keys. */
import { useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp } from "../app";
import { day, t, when } from "../i18n";
import { useAct } from "./data";
import { Chip, Copy, Value } from "./parts";
import type { Invitation, Key, Overview } from "./types";

interface Made {
  url: string;
  expiresAt: string;
}

function Invitations({ list, reload }: { list: Invitation[]; reload: () => Promise<void> }) {
  const { act } = useAct();
  const { toast } = useApp();
  const open = list.filter((i) => !i.usedAt && i.expiresAt > new Date().toISOString());
  if (open.length === 0) return null;
  const revoke = (i: Invitation) =>
    act(async () => {
      await api(`admin/invitations/${enc(i.id)}`, { method: "DELETE", body: {} });
      toast({ text: t("admin.invitation_revoked") });
      await reload();
    });
  return (
    <ul class="stackv small">
      {open.map((i) => (
        <li class="row row--between" key={i.id}>
          <span>
            {i.note || t("admin.invitation")}, <span class="muted">{t("admin.works_once_until", { date: day(i.expiresAt.slice(0, 10)) })}</span>
          </span>
          <button class="linkbtn" type="button" onClick={() => void revoke(i)}>
            {t("admin.revoke")}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Invite({ all, reload }: { all: Overview; reload: () => Promise<void> }) {
  const { busy, act } = useAct();
  const [made, setMade] = useState<Made | null>(null);
  const make = () =>
    act(async () => {
      setMade(await api<Made>("admin/invitations", { method: "POST", body: { note: "" } }));
      await reload();
    });
  return (
    <div class="stackv">
      <p class="small muted">{t("admin.invite_lede")}</p>
      {made ? (
        <dl class="kv">
          <Value name={t("admin.registration_link")} value={made.url}>
            <Copy value={made.url} what={t("admin.registration_link")} />
            <span class="sub small muted">{t("admin.works_once_until", { date: day(made.expiresAt.slice(0, 10)) })}</span>
          </Value>
        </dl>
      ) : (
        <p>
          <button class="btn btn--sm" type="button" disabled={busy} onClick={() => void make()}>
            {t("admin.invite")}
          </button>
        </p>
      )}
      <Invitations list={all.invitations} reload={reload} />
    </div>
  );
}

const keyTone = { active: "good", retiring: "plain", next: "draft" } as const;

function keyDate(k: Key): string {
  if (k.state === "active") return t("admin.key_since", { when: when(k.activeAt ?? k.createdAt) });
  if (k.state === "retiring") return t("admin.key_retired", { when: when(k.retiringAt ?? k.createdAt) });
  return t("admin.key_made", { when: when(k.createdAt) });
}

function Keys({ keys }: { keys: Key[] }) {
  return (
    <table class="tbl">
      <caption>{t("admin.signing_keys")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("admin.key")}</th>
          <th scope="col">{t("admin.state")}</th>
          <th scope="col">{t("admin.dates")}</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((k) => (
          <tr key={k.kid}>
            <th scope="row">
              <code title={k.kid}>{k.kid.slice(0, 8)}</code>
            </th>
            <td>
              <Chip tone={keyTone[k.state]}>{t(`admin.key_${k.state}`)}</Chip>
            </td>
            <td class="small">{keyDate(k)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Ours({ all, reload }: { all: Overview; reload: () => Promise<void> }) {
  const { ours } = all;
  const shown: [string, string][] = [
    ["login", ours.login],
    ["launch", ours.launch],
    ["jwks", ours.jwks],
    ["canvas", ours.canvas],
  ];
  return (
    <section class="panel" aria-labelledby="ours">
      <div class="panel__head">
        <div>
          <h2 id="ours">{t("admin.ours")}</h2>
          <p class="muted small">{t("admin.ours_lede")}</p>
        </div>
      </div>
      <div class="cols cols--2 mt">
        <div class="stackv">
          <Invite all={all} reload={reload} />
          <dl class="kv">
            {shown.map(([name, value]) => (
              <Value name={t(`admin.our_${name}`)} value={value} key={name}>
                <Copy value={value} what={t(`admin.our_${name}`)} />
              </Value>
            ))}
          </dl>
        </div>
        <Keys keys={all.keys} />
      </div>
    </section>
  );
}
