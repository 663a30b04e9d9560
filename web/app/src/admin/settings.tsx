/* What a platform does in its own way: its product's habits, and what differs here. */
import { useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import { useAct } from "./data";
import { Table } from "./parts";
import type { Overview, Platform, Setting, Settings, SettingValue } from "./types";

function said(value: SettingValue | undefined): string {
  if (value === undefined || value === "") return t("admin.setting_empty");
  return typeof value === "boolean" ? t(value ? "admin.yes" : "admin.no") : String(value);
}

interface RowProps {
  s: Setting;
  usual: SettingValue | undefined;
  own: SettingValue | undefined;
  set: (value: SettingValue | undefined) => void;
}

function Editor({ s, own, usual, set }: RowProps) {
  const label = t("admin.setting_value", { name: s.name });
  const id = `s-${s.name}`;
  if (s.kind === "flag")
    return (
      <select class="select" id={id} aria-label={label} value={String(own)} onChange={(e) => set(e.currentTarget.value === "true")}>
        <option value="true">{t("admin.yes")}</option>
        <option value="false">{t("admin.no")}</option>
      </select>
    );
  return (
    <input
      class="input"
      id={id}
      aria-label={label}
      type={s.kind === "number" ? "number" : "text"}
      spellcheck={false}
      value={String(own ?? usual ?? "")}
      onInput={(e) => set(s.kind === "number" ? Number(e.currentTarget.value) : e.currentTarget.value)}
    />
  );
}

function Row(props: RowProps) {
  const { s, usual, own, set } = props;
  const differs = own !== undefined;
  return (
    <tr role="row" class={differs ? "is-selected" : undefined}>
      <th role="rowheader" scope="row">
        <code>{s.name}</code>
        <span class="sub" lang="en">
          {s.about}
        </span>
      </th>
      <td role="cell" class="full">{differs ? <Editor {...props} /> : <code class="wrap">{said(usual)}</code>}</td>
      <td role="cell">
        <button class="linkbtn" type="button" onClick={() => set(differs ? undefined : (usual ?? ""))}>
          {t(differs ? "admin.setting_usual" : "admin.change")}
          <span class="sr"> {s.name}</span>
        </button>
      </td>
    </tr>
  );
}

export function SettingsEditor({ platform, all, saved }: { platform: Platform; all: Overview; saved: () => Promise<void> }) {
  const [own, setOwn] = useState<Settings>(platform.settings);
  const { busy, act } = useAct();
  const { toast } = useApp();
  const usual = all.profiles.find((p) => p.name === platform.profile)?.settings ?? {};
  const changed = JSON.stringify(own) !== JSON.stringify(platform.settings);
  const set = (name: string, value: SettingValue | undefined) => {
    const { [name]: was, ...rest } = own;
    void was;
    setOwn(value === undefined ? rest : { ...rest, [name]: value });
  };
  const save = () =>
    act(async () => {
      await api(`admin/platforms/${enc(platform.id)}`, { method: "PATCH", body: { settings: own } });
      toast({ text: t("admin.saved") });
      await saved();
    });
  return (
    <details class="panel">
      <summary>
        <b>{t("admin.settings")}</b> <span class="muted small">{t("admin.settings_lede", { n: Object.keys(platform.settings).length })}</span>
      </summary>
      <div class="mt">
        <Table caption={t("admin.settings")} heads={[t("admin.setting"), t("admin.value")]} changes>
          {all.settings.map((s) => (
            <Row s={s} usual={usual[s.name]} own={own[s.name]} set={(v) => set(s.name, v)} key={s.name} />
          ))}
        </Table>
      </div>
      <div class="btn-row mt">
        <button class="btn btn--primary" type="button" disabled={busy || !changed} onClick={() => void save()}>
          {t("admin.save")}
        </button>
        {changed && (
          <button class="btn btn--quiet" type="button" onClick={() => setOwn(platform.settings)}>
            {t("admin.undo")}
          </button>
        )}
      </div>
    </details>
  );
}
