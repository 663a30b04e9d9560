/* What can be done with the plan that is open: what is next in its life as a button, the rest
 * in a menu. */
import { useState } from "preact/hooks";
import { pick, t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { Menu } from "../parts/menu";
import type { Act, PlanPage, StudentRow } from "../plan-types";
import { go } from "../router";
import { Create } from "./create";
import { removeAll } from "./dialogs";
import { Delete, Reason } from "./end";
import { useList } from "./lists";
import { Others } from "./others";
import { Publish } from "./publish";
import { type OpenTask, Revise } from "./revise";
import { type PlanAct, useActs } from "./run";
import { Share } from "./shares";

type Wanted = "publish" | "revise" | "share" | "unpublish" | "lock" | "reopen" | "archive" | "restore" | "duplicate" | "delete";

const needs: Record<Wanted, Act> = {
  publish: "publish",
  revise: "make",
  share: "share",
  unpublish: "unpublish",
  lock: "lock",
  reopen: "reopen",
  archive: "archive",
  restore: "restore",
  duplicate: "make",
  delete: "delete",
};

const icons: Record<Wanted, IconName> = {
  publish: "eye",
  revise: "next",
  share: "share",
  unpublish: "pen",
  lock: "lock",
  reopen: "back",
  archive: "box",
  restore: "back",
  duplicate: "copy",
  delete: "trash",
};

function can(page: PlanPage): (act: Wanted) => boolean {
  const { plan } = page;
  return (act) => {
    if (!plan.may.includes(needs[act])) return false;
    if (act === "revise") return plan.state === "published" || (plan.state === "locked" && !plan.successor);
    /* What families have seen, mentors archive. */
    if (act === "delete") return plan.hat === "head" || !plan.publishedAt;
    return true;
  };
}

/* What is not finished and has not moved on, in the words of the plan. */
function openTasks(page: PlanPage): OpenTask[] {
  return page.tasks
    .filter((x) => (x.category === "todo" || x.category === "doing") && !x.movedTo)
    .map((x) => {
      const status = page.form.statuses.find((s) => s.key === x.status);
      return { id: x.id, text: x.text, status: status ? pick(status.label) : "" };
    });
}

function More({ acts, choose }: { acts: Wanted[]; choose: (act: Wanted) => void }) {
  const button = (
    <>
      <Icon name="dots" />
      <span class="sr">{t("students.more_acts")}</span>
    </>
  );
  return (
    <Menu button={button}>
      {acts.map((act) => (
        <li key={act}>
          <button type="button" class={act === "delete" ? "is-danger" : undefined} onClick={() => choose(act)}>
            <Icon name={icons[act]} />
            {t(`students.act_${act}`)}
          </button>
        </li>
      ))}
    </Menu>
  );
}

/* The same plan for others: those of the list that are chosen here. */
function Duplicate({ page, close }: { page: PlanPage; close: () => void }) {
  const { list } = useList("students");
  const [students, choose] = useState<StudentRow[] | null>(null);
  const mine = (list?.students ?? []).filter((s) => s.hat === "mentor");
  if (!list) return null;
  return students ? (
    <Create
      students={students}
      all={mine}
      source={{ kind: "plan", id: page.plan.id }}
      close={close}
      done={(lines) => {
        close();
        if (lines.some((l) => l.ok)) go("students");
      }}
    />
  ) : (
    <Others students={mine} close={close} choose={choose} />
  );
}

export function PlanActs({ page, done }: { page: PlanPage; done: () => void }) {
  const [open, show] = useState<Wanted | null>(null);
  const acts = useActs(done);
  const { plan, student } = page;
  const may = can(page);
  const item = { id: plan.id, name: student.name, title: plan.title, endsOn: plan.endsOn };
  const close = () => show(null);
  const choose = (act: Wanted) => {
    if (act === "archive" || act === "restore") void acts.run(act, [item]);
    else show(act);
  };
  const main = (["publish", "revise", "reopen", "restore"] as Wanted[]).find(may);
  const rest = (Object.keys(needs) as Wanted[]).filter((act) => act !== main && act !== "share" && may(act));
  return (
    <>
      <div class="btn-row">
        {may("share") && (
          <button class="btn" type="button" onClick={() => choose("share")}>
            <Icon name="share" />
            {t("students.act_share")}
          </button>
        )}
        {main && (
          <button class="btn btn--primary" type="button" onClick={() => choose(main)}>
            <Icon name={icons[main]} flips={main === "revise"} />
            {t(`students.act_${main}`)}
          </button>
        )}
        {rest.length > 0 && <More acts={rest} choose={choose} />}
      </div>
      {open === "share" && <Share plan={plan} close={close} />}
      {open === "publish" && (
        <Publish
          items={[item]}
          close={close}
          done={(lines) => {
            close();
            acts.told("publish", lines);
            done();
          }}
        />
      )}
      {open === "revise" && (
        <Revise
          plans={[item]}
          tasks={openTasks(page)}
          close={close}
          done={(lines) => {
            close();
            const made = lines.find((l) => l.ok)?.plan;
            if (made) go(`plans/${made}`);
          }}
        />
      )}
      {open === "duplicate" && <Duplicate page={page} close={close} />}
      {(open === "lock" || open === "reopen" || open === "unpublish") && (
        <Reason
          act={open}
          plans={[item]}
          close={close}
          run={(reason) => {
            close();
            void acts.run(open as PlanAct, [item], reason ? { reason } : {});
          }}
        />
      )}
      {open === "delete" && (
        <Delete
          plans={[item]}
          close={close}
          archive={
            may("archive")
              ? () => {
                  close();
                  void acts.run("archive", [item]);
                }
              : null
          }
          remove={(plans) => {
            close();
            void removeAll(acts, plans).then(() => go("students"));
          }}
        />
      )}
    </>
  );
}
