/* Goals that stand somewhere already: learning objectives of the school's frameworks, and
 * sentences of the bank. Whoever picks one gets it as a goal of their own, to be changed. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { later } from "../parts/later";
import { useLoad } from "../parts/load";
import { Problem } from "../parts/notes";
import { Search } from "../parts/search";

const BankPicker = later(() => import("../parts/bank-picker"), "BankPicker", "reviews");

export interface FoundGoal {
  text: string;
  objective?: { framework: string; id: string };
}

interface Framework {
  id: string;
  title: string;
  language: string;
  objectives: number;
}

interface Objective {
  id: string;
  parent: string | null;
  code: string;
  text: string;
  level: string;
  more: boolean;
}

function Line({ objective, open, pick }: { objective: Objective; open: () => void; pick: () => void }) {
  return (
    <li class="objective">
      <span class="objective__text" dir="auto">
        {objective.code && <b>{objective.code} </b>}
        {objective.text}
        {objective.level && <span class="sub"> {objective.level}</span>}
      </span>
      <span class="objective__acts">
        {objective.more && (
          <button class="linkbtn small" type="button" onClick={open}>
            {t("bank.objective_below")}
            <span class="sr"> {objective.text}</span>
          </button>
        )}
        <button class="btn btn--sm" type="button" onClick={pick}>
          <Icon name="plus" /> {t("bank.objective_use")}
          <span class="sr"> {objective.text}</span>
        </button>
      </span>
    </li>
  );
}

/* One framework: by its tree, or by what is searched for. */
function Objectives({ framework, pick }: { framework: string; pick: (o: Objective) => void }) {
  const [search, setSearch] = useState("");
  const [way, setWay] = useState<Objective[]>([]);
  const above = way.at(-1);
  const asked = search.trim();
  const query = asked ? `?search=${encodeURIComponent(asked)}` : above ? `?parent=${above.id}` : "";
  const { data, error, again } = useLoad<{ objectives: Objective[] }>(`frameworks/${framework}/objectives${query}`);
  const go = (to: Objective[]) => {
    setSearch("");
    setWay(to);
  };
  return (
    <>
      <Search id="find-objective" label={t("bank.objective_find")} value={search} ask={setSearch} />
      {!asked && way.length > 0 && (
        <p class="small">
          <button class="linkbtn" type="button" onClick={() => go(way.slice(0, -1))}>
            <Icon name="back" flips /> {way.at(-2)?.text ?? t("bank.objective_top")}
          </button>
        </p>
      )}
      {error !== null && <Problem error={error} retry={again} />}
      {data && data.objectives.length === 0 && <p class="muted">{t(asked ? "bank.objective_none_found" : "bank.objective_none")}</p>}
      {data && data.objectives.length > 0 && (
        <ul class="objectives">
          {data.objectives.map((o) => (
            <Line key={o.id} objective={o} open={() => go([...way, o])} pick={() => pick(o)} />
          ))}
        </ul>
      )}
      {data?.objectives.length === 200 && <p class="muted small">{t("bank.objective_many")}</p>}
    </>
  );
}

function Sources({ name, add, close }: { name: string; add: (goal: FoundGoal) => void; close: () => void }) {
  const { data, error, again } = useLoad<{ frameworks: Framework[] }>("frameworks");
  const [chosen, choose] = useState("");
  const frameworks = data?.frameworks ?? [];
  const at = chosen || frameworks[0]?.id || "bank";
  const pick = (goal: FoundGoal) => {
    add(goal);
    close();
  };
  return (
    <Dialog
      title={t("bank.goals_title")}
      hint={t("bank.goals_hint")}
      close={close}
      foot={
        <button class="btn" type="button" onClick={close}>
          {t("common.close")}
        </button>
      }
    >
      {error !== null && <Problem error={error} retry={again} />}
      {data && (
        <div class="field">
          <label for="goal-source">{t("bank.goals_from")}</label>
          <select id="goal-source" class="select" data-first value={at} onChange={(e) => choose(e.currentTarget.value)}>
            {frameworks.map((f) => (
              <option key={f.id} value={f.id} lang={f.language || undefined}>
                {f.title}
              </option>
            ))}
            <option value="bank">{t("bank.goals_bank")}</option>
          </select>
        </div>
      )}
      {data && at !== "bank" && (
        <Objectives key={at} framework={at} pick={(o) => pick({ text: o.text, objective: { framework: at, id: o.id } })} />
      )}
      {data && at === "bank" && <BankPicker kind="goal" name={name} pick={(text: string) => pick({ text })} />}
    </Dialog>
  );
}

/* A button that opens them. `name`: of the student, for {name} in a sentence. */
export function GoalSource({ name, add }: { name: string; add: (goal: FoundGoal) => void }) {
  const [open, set] = useState(false);
  return (
    <>
      <button class="addbtn" type="button" onClick={() => set(true)}>
        <Icon name="plus" /> {t("bank.goals_open")}
      </button>
      {open && <Sources name={name} add={add} close={() => set(false)} />}
    </>
  );
}
