/* Two people wrote in one field: both texts, what differs, and three ways on. */
import { useApp } from "../app";
import { compare, join, type Piece } from "../diff";
import { stamp, t } from "../i18n";
import type { Field } from "../save";

function Marked({ pieces }: { pieces: Piece[] }) {
  return (
    <p class="compare__text" dir="auto">
      {pieces.map((p) => (p.own && p.text.trim() ? <ins>{p.text}</ins> : p.text))}
    </p>
  );
}

interface Props {
  field: Field;
  /* A choice (grade) is one or the other; texts may be joined. */
  choice?: (code: string | null) => string;
  done?: () => void;
}

export function Compare({ field, choice, done }: Props) {
  const { queue } = useApp();
  const theirs = field.theirs;
  if (!theirs) return null;
  const show = (text: string | null) => (choice ? choice(text) : (text ?? ""));
  const sides = compare(show(field.text), show(theirs.text));
  const time = stamp(theirs.at);
  const name = theirs.by || t("common.somebody");
  const use = (text: string | null) => {
    queue.resolve(field.key, text);
    done?.();
  };
  return (
    <div class="compare" role="group" aria-label={t("save.compare_label")}>
      <p class="compare__head">{t("save.compare_head", { name, time })}</p>
      <div class="compare__cols">
        <div>
          <p class="from">{t("save.yours")}</p>
          <Marked pieces={sides.mine} />
        </div>
        <div>
          <p class="from">{t("save.theirs", { name, time })}</p>
          <Marked pieces={sides.theirs} />
        </div>
      </div>
      <div class="compare__foot">
        {!choice && (
          <button
            class="btn btn--sm btn--primary"
            type="button"
            onClick={() => use(join(field.text ?? "", theirs.text ?? ""))}
          >
            {t("save.keep_both")}
          </button>
        )}
        <button class="btn btn--sm" type="button" onClick={() => use(field.text)}>
          {t("save.use_mine")}
        </button>
        <button class="btn btn--sm" type="button" onClick={() => use(theirs.text)}>
          {t("save.use_theirs", { name })}
        </button>
      </div>
    </div>
  );
}
