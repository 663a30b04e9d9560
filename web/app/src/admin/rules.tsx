/* What this platform's roles mean here, where the vocabulary says too little. */
import { useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp } from "../app";
import { t, when } from "../i18n";
import { Icon } from "../parts/icons";
import { Note, Problem, Skeleton } from "../parts/notes";
import { useAct, useData } from "./data";
import { Choice, Input, Table } from "./parts";
import type { Platform, Previewed, Rule, RuleKind } from "./types";

const kinds: RuleKind[] = ["user", "group", "custom", "role"];
const roles = ["teacher", "student", "guardian", "mentor", "none"];
const roleOptions = (): [string, string][] => roles.map((r) => [r, t(`admin.role_${r}`)]);

/* Many at once: one id a line, as a list from the school's system has them. */
function Add({ add, trusted }: { add: (rules: Rule[]) => void; trusted: string[] }) {
  const [kind, setKind] = useState<RuleKind>("user");
  const [name, setName] = useState(trusted[0] ?? "");
  const [values, setValues] = useState("");
  const [becomes, setBecomes] = useState("guardian");
  const submit = () => {
    const list = [...new Set(values.split("\n").map((v) => v.trim()).filter(Boolean))];
    add(list.map((value) => ({ kind, name: kind === "custom" ? name : "", value, becomes, note: "" })));
    setValues("");
  };
  return (
    <form
      class="stackv"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <div class="row">
        <Choice id="r-kind" label={t("admin.rule_who")} value={kind} options={kinds.map((k) => [k, t(`admin.rule_${k}`)])} set={(k) => setKind(k as RuleKind)} />
        <Choice id="r-becomes" label={t("admin.rule_becomes")} value={becomes} options={roleOptions()} set={setBecomes} />
      </div>
      {kind === "custom" &&
        (trusted.length ? (
          <Choice id="r-name" label={t("admin.rule_parameter")} value={name} options={trusted.map((n) => [n, n])} set={setName} />
        ) : (
          <Note tone="warn">{t("admin.rule_untrusted")}</Note>
        ))}
      {kind === "user" ? (
        <div class="field">
          <label for="r-values">{t("admin.rule_users")}</label>
          <p class="hint" id="r-values-hint">
            {t("admin.rule_users_hint")}
          </p>
          <textarea class="input" id="r-values" rows={4} aria-describedby="r-values-hint" spellcheck={false} value={values} onInput={(e) => setValues(e.currentTarget.value)} />
        </div>
      ) : (
        <Input id="r-value" label={t(`admin.rule_${kind}_value`)} hint={t(`admin.rule_${kind}_hint`)} value={values} set={setValues} />
      )}
      <p>
        <button class="btn btn--sm" disabled={!values.trim() || (kind === "custom" && !name)}>
          <Icon name="plus" />
          {t("admin.rule_add")}
        </button>
      </p>
    </form>
  );
}

function List({ rules, remove }: { rules: Rule[]; remove: (i: number) => void }) {
  if (!rules.length) return <p class="muted">{t("admin.rules_none")}</p>;
  return (
    <ol class="stackv small">
      {rules.map((r, i) => (
        <li class="row row--between" key={`${r.kind} ${r.name} ${r.value}`}>
          <span>
            {t(`admin.rule_${r.kind}`)} {r.name && <code>{r.name} = </code>}
            <code class="wrap">{r.value}</code> → <b>{t(`admin.role_${r.becomes}`)}</b>
          </span>
          <button class="linkbtn" type="button" onClick={() => remove(i)}>
            {t("admin.remove")}
            <span class="sr"> {r.value}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function shortRole(uri: string): string {
  return uri.replace("http://purl.imsglobal.org/vocab/lis/v2/", "");
}

function Preview({ list }: { list: Previewed[] }) {
  const [all, showAll] = useState(false);
  const changed = list.filter((l) => l.was !== l.becomes);
  const shown = all ? list : [...changed, ...list.filter((l) => l.was === l.becomes).slice(0, 5)];
  const rest = list.slice(shown.length);
  if (!list.length) return <p class="muted">{t("admin.preview_none")}</p>;
  return (
    <>
      <p role="status">{t("admin.preview_changed", { n: changed.length, total: list.length })}</p>
      <Table caption={t("admin.preview")} heads={[t("admin.person"), t("admin.roles_said"), t("admin.was"), t("admin.becomes")]}>
        {shown.map((l) => (
          <tr role="row" class={l.was !== l.becomes ? "is-selected" : undefined} key={l.id}>
            <th role="rowheader" scope="row">
              <span dir="auto">{l.person}</span>
              <span class="sub">{when(l.at)}</span>
            </th>
            <td role="cell" class="small full wrap">{(l.roles ?? []).map(shortRole).join(", ")}</td>
            <td role="cell" data-l={t("admin.was")}>{l.was ? t(`admin.role_${l.was}`) : ""}</td>
            <td role="cell" data-l={t("admin.becomes")}>
              {t(`admin.role_${l.becomes}`)}
              <span class="sub">{l.why.startsWith("rule ") ? t("admin.by_rule") : shortRole(l.why)}</span>
            </td>
          </tr>
        ))}
      </Table>
      {rest.length > 0 && (
        <p>
          <button class="linkbtn" type="button" onClick={() => showAll(true)}>
            {t("admin.preview_all", { n: rest.length })}
          </button>
        </p>
      )}
    </>
  );
}

function Editor({ platform, stored, trusted, saved }: { platform: Platform; stored: Rule[]; trusted: string[]; saved: () => Promise<void> }) {
  const [rules, setRules] = useState(stored);
  const [preview, setPreview] = useState<Previewed[] | null>(null);
  const { busy, act } = useAct();
  const { toast } = useApp();
  const path = `admin/platforms/${enc(platform.id)}/rules`;
  const changed = JSON.stringify(rules) !== JSON.stringify(stored);
  const change = (next: Rule[]) => {
    setRules(next);
    setPreview(null);
  };
  const add = (more: Rule[]) => {
    const same = (a: Rule, b: Rule) => a.kind === b.kind && a.name === b.name && a.value === b.value;
    change([...rules.filter((r) => !more.some((m) => same(m, r))), ...more]);
  };
  const look = () => act(async () => setPreview((await api<{ launches: Previewed[] }>(`${path}/preview`, { method: "POST", body: { rules } })).launches));
  const save = () =>
    act(async () => {
      await api(path, { method: "PUT", body: { rules } });
      toast({ text: t("admin.rules_saved") });
      await saved();
    });
  return (
    <div class="stackv">
      <List rules={rules} remove={(i) => change(rules.filter((_, n) => n !== i))} />
      <Add add={add} trusted={trusted} />
      <div class="btn-row">
        <button class="btn" type="button" disabled={busy} onClick={() => void look()}>
          <Icon name="eye" />
          {t("admin.preview_do")}
        </button>
        <button class="btn btn--primary" type="button" disabled={busy || !changed} onClick={() => void save()}>
          {t("admin.save")}
        </button>
      </div>
      {preview && <Preview list={preview} />}
    </div>
  );
}

export function Rules({ platform }: { platform: Platform }) {
  const { data, error, reload } = useData<{ rules: Rule[]; trusted: string }>(`admin/platforms/${enc(platform.id)}/rules`);
  return (
    <section class="panel" aria-labelledby="rules">
      <div class="panel__head">
        <div>
          <h2 id="rules">{t("admin.rules")}</h2>
          <p class="muted small">{t("admin.rules_lede")}</p>
        </div>
      </div>
      {error && !data ? <Problem error={error} retry={() => void reload()} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && <Editor platform={platform} stored={data.rules} trusted={data.trusted.split(" ").filter(Boolean)} saved={reload} key={JSON.stringify(data.rules)} />}
    </section>
  );
}
