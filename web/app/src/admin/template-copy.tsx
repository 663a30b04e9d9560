/* Fields of another template, one by one. */
import { useState } from "preact/hooks";
import { pick, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Problem, Skeleton } from "../parts/notes";
import { useData } from "./data";
import { type Definition, type Field, fitted, type Template, type TemplateList } from "./template-model";
import { templatePath } from "./template-save";
import { Tick } from "./template-parts";

interface Shipped {
  templates: { key: string; definition: Definition }[];
}

function Fields({ definition, into, close, take }: { definition: Definition; into: Definition; close: () => void; take: (section: number, fields: Field[]) => void }) {
  const [chosen, choose] = useState<string[]>([]);
  const [section, put] = useState(Math.max(0, into.sections.findIndex((s) => s.kind === "fields")));
  const target = into.sections[section];
  const fields = definition.sections.flatMap((s) => s.fields).filter((f) => !f.head && target && fitted(f, target));
  return (
    <>
      <div class="field">
        <label for="copy-into">{t("template.copy_into")}</label>
        <select class="select" id="copy-into" value={String(section)} onChange={(e) => put(Number(e.currentTarget.value))}>
          {into.sections.map((s, i) => (
            <option value={String(i)} key={s.key}>
              {pick(s.title) || t("template.section_n", { n: i + 1 })}
            </option>
          ))}
        </select>
      </div>
      <div class="stackv">
        {fields.map((f) => (
          <Tick label={pick(f.label)} hint={t(`template.kind_${f.kind}`)} on={chosen.includes(f.key)} set={(on) => choose((c) => (on ? [...c, f.key] : c.filter((k) => k !== f.key)))} key={f.key} />
        ))}
      </div>
      <p>
        <button
          class="btn btn--primary"
          type="button"
          disabled={!chosen.length}
          onClick={() => {
            take(section, fields.filter((f) => chosen.includes(f.key)));
            close();
          }}
        >
          {t("template.copy_n", { n: chosen.length })}
        </button>
      </p>
    </>
  );
}

function Own({ id, ...rest }: { id: string; into: Definition; close: () => void; take: (section: number, fields: Field[]) => void }) {
  const { data, error, reload } = useData<Template>(templatePath(id));
  if (error) return <Problem error={error} retry={() => void reload()} />;
  return data ? <Fields definition={data.definition} {...rest} /> : <Skeleton label={t("common.loading")} />;
}

export function CopyFields({ own, into, close, take }: { own: string; into: Definition; close: () => void; take: (section: number, fields: Field[]) => void }) {
  const list = useData<TemplateList>("admin/templates");
  const shipped = useData<Shipped>("admin/templates/shipped");
  const [from, choose] = useState("");
  const ready = shipped.data?.templates.find((s) => s.key === from);
  return (
    <Dialog
      title={t("template.copy_fields")}
      close={close}
      foot={
        <button class="btn" type="button" onClick={close}>
          {t("common.cancel")}
        </button>
      }
    >
      <div class="field">
        <label for="copy-from">{t("template.copy_from")}</label>
        <select class="select" id="copy-from" data-first value={from} onChange={(e) => choose(e.currentTarget.value)}>
          <option value="">{t("template.copy_choose")}</option>
          {(list.data?.templates ?? []).filter((r) => r.id !== own).map((r) => (
            <option value={r.id} key={r.id}>
              {pick(r.title)}
            </option>
          ))}
          {(shipped.data?.templates ?? []).map((s) => (
            <option value={s.key} key={s.key}>
              {t("template.from_library", { name: pick(s.definition.title) })}
            </option>
          ))}
        </select>
      </div>
      {ready && <Fields definition={ready.definition} into={into} close={close} take={take} key={from} />}
      {from && !ready && <Own id={from} into={into} close={close} take={take} key={from} />}
    </Dialog>
  );
}
