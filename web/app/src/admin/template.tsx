/* One template as it is edited. It is saved by itself; plans are made of what was published. */
import { useState } from "preact/hooks";
import { api } from "../api";
import { useApp, useTitle } from "../app";
import { languageNames, languages, pick, stamp, t, when } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { isMissing } from "../parts/load";
import { Note, Problem, Skeleton } from "../parts/notes";
import { Missing } from "../pages/other";
import { href } from "../router";
import { useAct, useData } from "./data";
import { Chip } from "./parts";
import { CopyFields } from "./template-copy";
import { Detail } from "./template-detail";
import { Matrix } from "./template-fields";
import { type Definition, type Lack, lacksOf, type Template, type TemplateList, type TemplateRow, untranslated, withCopies } from "./template-model";
import { More } from "./template-more";
import { Segments } from "./template-parts";
import { Preview } from "./template-preview";
import { type Draft, templatePath, useDraft } from "./template-save";

const tone = { draft: "draft", published: "plain", unpublished: "warn" } as const;

export function StateChip({ row }: { row: TemplateRow }) {
  return (
    <>
      <Chip tone={tone[row.state]}>{t(`template.state_${row.state}`)}</Chip>
      {row.state === "published" && row.changed && <Chip tone="draft">{t("template.changed")}</Chip>}
    </>
  );
}

function Saved({ draft }: { draft: Draft }) {
  const { phase, template, message } = draft;
  if (phase === "failed")
    return (
      <span class="save save--error">
        <Icon name="warn" />
        {message || t("template.not_saved")}{" "}
        <button type="button" onClick={() => void draft.flush()}>
          {t("common.try_again")}
        </button>
      </span>
    );
  if (phase === "waiting" || phase === "saving")
    return (
      <span class="save save--saving">
        <Icon name="spin" />
        {t("template.saving")}
      </span>
    );
  return (
    <span class="save save--saved">
      <Icon name="check" />
      {t("template.saved", { time: stamp(template.at) })}
    </span>
  );
}

/* What stands there now, and what publishing would do. */
function lede(row: TemplateRow): string {
  if (row.state === "draft") return t("template.lede_draft");
  if (row.state === "unpublished") return t("template.lede_unpublished", { n: row.uses });
  return t("template.lede_published", { n: row.uses });
}

function Head({ draft, lacks }: { draft: Draft; lacks: Lack[] }) {
  const { template } = draft;
  const { busy, act } = useAct();
  const { toast } = useApp();
  const change = (state: "published" | "unpublished", rev: number) =>
    api<Template>(templatePath(template.id), { method: "PATCH", body: { state, rev } });
  const publish = () =>
    act(async () => {
      if (!(await draft.flush())) return;
      draft.take(await change("published", draft.rev()));
      toast({ text: t("template.now_published") });
    });
  const unpublish = () =>
    act(async () => {
      if (!(await draft.flush())) return;
      const hidden = await change("unpublished", draft.rev());
      draft.take(hidden);
      toast({
        text: t("template.now_unpublished", { n: hidden.uses }),
        undo: () => void act(async () => draft.take(await change("published", draft.rev()))),
      });
    });
  const waits = draft.phase === "waiting" || draft.phase === "saving";
  const isNew = template.state !== "published" || template.changed || waits;
  return (
    <div class="page-head">
      <div>
        <p class="eyebrow">
          <a href={href("admin/templates")}>
            <Icon name="back" flips /> {t("template.all")}
          </a>
        </p>
        <h1 class="row" tabIndex={-1}>
          <span dir="auto">{pick(draft.definition.title) || t("template.no_name")}</span> <StateChip row={template} />
        </h1>
        <p class="lede">{lede(template)}</p>
        <p class="small" role="status">
          <Saved draft={draft} />
        </p>
      </div>
      <div class="btn-row">
        {lacks.length > 0 && (
          <span class="err">
            <Icon name="warn" />
            {t("template.to_fix", { n: lacks.length })}
          </span>
        )}
        {template.state === "published" && (
          <button class="btn" type="button" disabled={busy} onClick={() => void unpublish()}>
            {t("template.unpublish")}
          </button>
        )}
        <button class="btn btn--primary" type="button" disabled={busy || lacks.length > 0 || !isNew} onClick={() => void publish()}>
          {t(template.state === "published" ? "template.publish_changes" : "template.publish")}
        </button>
      </div>
    </div>
  );
}

function Lacks({ lacks, go }: { lacks: Lack[]; go: (id: string) => void }) {
  if (!lacks.length) return null;
  return (
    <Note tone="bad" role="status">
      <ul class="plain">
        {lacks.slice(0, 8).map((l) => (
          <li key={`${l.id}${l.what}`}>
            <b>{t(`template.lack_${l.what}`, { name: l.name })}</b>{" "}
            <button class="linkbtn" type="button" onClick={() => go(l.id)}>
              {t("template.go_there")}
              <span class="sr"> {l.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Note>
  );
}

/* Somebody else saved meanwhile: nobody's words go without a look. */
function Conflict({ draft }: { draft: Draft }) {
  const { theirs, definition } = draft;
  if (!theirs) return null;
  const text = (d: Definition) => new Map(d.sections.flatMap((s) => s.fields.map((f) => [f.key, JSON.stringify(f)] as const)));
  const [mine, other] = [text(definition), text(theirs.definition)];
  const names = [...definition.sections, ...theirs.definition.sections].flatMap((s) => s.fields);
  const differ = [...new Set([...mine.keys(), ...other.keys()])].filter((k) => mine.get(k) !== other.get(k));
  const said = differ.map((k) => pick(names.find((f) => f.key === k)?.label ?? {}) || k);
  return (
    <Dialog
      title={t("template.conflict")}
      close={() => draft.settle(false)}
      foot={
        <>
          <button class="btn" type="button" onClick={() => draft.settle(false)}>
            {t("template.take_theirs")}
          </button>
          <button class="btn btn--primary" type="button" data-first onClick={() => draft.settle(true)}>
            {t("template.keep_mine")}
          </button>
        </>
      }
    >
      <p>{t("template.conflict_text", { name: theirs.by ?? t("common.somebody"), when: when(theirs.at) })}</p>
      {said.length > 0 && (
        <>
          <p>{t("template.conflict_fields")}</p>
          <ul>
            {said.map((s) => (
              <li key={s}>{s}</li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function Editor({ first }: { first: Template }) {
  const draft = useDraft(first);
  const { definition: d, edit } = draft;
  const { announce, toast } = useApp();
  const { act } = useAct();
  const orgs = useData<TemplateList>("admin/templates").data?.orgs ?? [];
  const all = languages();
  const [lang, speak] = useState(() => all.find((l) => document.documentElement.lang === l) ?? "en");
  const [chosen, choose] = useState(d.sections[0]?.fields[0]?.key ?? "");
  const [copying, copy] = useState(false);
  const lacks = lacksOf(d, pick);
  const other = untranslated(d, lang);
  const focus = (id: string) =>
    requestAnimationFrame(() => {
      const to = document.getElementById(id);
      to?.focus();
      to?.scrollIntoView({ block: "center" });
    });
  const go = (id: string) => {
    if (id.startsWith("d-")) choose(id.slice(2));
    focus(id);
  };
  const remove = (name: string, change: (d: Definition) => Definition, back: (d: Definition) => Definition) => {
    edit(change);
    toast({ text: t("template.removed", { name }), undo: () => edit(back) });
    focus("t-fields");
  };
  const move = (org: string) =>
    act(async () => {
      if (!(await draft.flush())) return;
      draft.take(await api<Template>(templatePath(first.id), { method: "PUT", body: { org: org || null, rev: draft.rev() } }));
    });
  return (
    <div onFocusOut={() => draft.phase === "waiting" && void draft.flush()}>
      <Head draft={draft} lacks={lacks} />
      <Lacks lacks={lacks} go={go} />
      <div class="toolbar">
        <Segments name="lang" label={t("template.language")} value={lang} options={all.map((l) => [l, languageNames[l] ?? l])} set={speak} />
        {other > 0 && <span class="hint">{t("template.untranslated", { n: other, language: languageNames[lang] ?? lang })}</span>}
      </div>
      <section class="section" aria-labelledby="t-fields">
        <div class="section__head">
          <h2 id="t-fields" tabIndex={-1}>
            {t("template.fields")}
          </h2>
          <span class="hint">{t("template.fields_hint")}</span>
        </div>
        <Matrix
          d={d}
          lang={lang}
          edit={edit}
          lacks={lacks}
          chosen={chosen}
          choose={(key, there) => (choose(key), there && focus(`d-${key}`))}
          remove={remove}
          say={announce}
        />
        {d.sections.length > 0 && (
          <p class="mt">
            <button class="btn btn--quiet" type="button" onClick={() => copy(true)}>
              <Icon name="copy" />
              {t("template.copy_fields")}
            </button>
          </p>
        )}
      </section>
      <div class="cols cols--2 section">
        <Detail d={d} lang={lang} edit={edit} chosen={chosen} back={focus} />
        <Preview d={d} lang={lang} />
      </div>
      <More d={d} lang={lang} edit={edit} lacks={lacks} orgs={orgs} org={draft.template.org?.id ?? ""} move={(org) => void move(org)} />
      {copying && <CopyFields own={first.id} into={d} close={() => copy(false)} take={(section, fields) => edit((now) => withCopies(now, section, fields))} />}
      {draft.phase === "conflict" && <Conflict draft={draft} />}
    </div>
  );
}

export function TemplatePage({ id }: { id: string }) {
  const { data, error, reload } = useData<Template>(templatePath(id));
  useTitle(data ? pick(data.title) : undefined, t("template.all"), t("app.name"));
  if (isMissing(error)) return <Missing />;
  if (error) return <Problem error={error} retry={() => void reload()} />;
  return data ? <Editor first={data} key={data.id} /> : <Skeleton label={t("common.loading")} />;
}
