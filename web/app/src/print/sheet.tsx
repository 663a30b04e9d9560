/* A plan on paper (ui/13): one student, everything within the reader's rights. */
import { useApp } from "../app";
import { day, period, pick, t, time } from "../i18n";
import { labelOf } from "../parts/grade";
import type { PlanPage, PlanReview } from "../plan-types";
import { type CompetenceCells, type Copy, type GoalCells, isStaffOnly, logOf, type Options, partsOf, type Part, type Piece, topicsOf, voiceOf } from "./model";
import { Content, isWords, Posts } from "./piece";
import { Signatures, type SignedState } from "./signatures";

function StaffMark() {
  return <span class="staffmark">{t("print.staff_only")}</span>;
}

function PieceBlock({ page, piece }: { page: PlanPage; piece: Piece }) {
  const { field, value } = piece;
  const label = pick(field.label);
  if (field.kind === "heading") return <p class="sheet__note">{label}</p>;
  const staff = isStaffOnly(field) ? " is-staff" : "";
  if (isWords(field) && value)
    return (
      <div class={`said said--${voiceOf(value.hat)}${staff}`}>
        <Content page={page} piece={piece} />
        <footer>
          {label}
          {value.by && (
            <>
              , <bdi>{value.by}</bdi>
            </>
          )}{" "}
          {staff && <StaffMark />}
        </footer>
      </div>
    );
  return (
    <div class={`block${staff}`}>
      <h3>
        {label} {staff && <StaffMark />}
      </h3>
      <Content page={page} piece={piece} />
    </div>
  );
}

/* A column's head says what it is where there is one field in it; else each piece says so. */
function Pieces({ page, pieces, named }: { page: PlanPage; pieces: Piece[]; named: boolean }) {
  return (
    <>
      {pieces.map((p) => (
        <div class={isWords(p.field) && voiceOf(p.value?.hat ?? "mentor") !== "staff" ? "cellpiece quote" : "cellpiece"} key={p.field.key}>
          {named && <span class="cellpiece__l">{pick(p.field.label)}: </span>}
          <Content page={page} piece={p} />
        </div>
      ))}
    </>
  );
}

function names(goals: GoalCells[], cell: "voices" | "tasks"): string[] {
  return [...new Set(goals.flatMap((g) => g[cell].map((p) => pick(p.field.label))))];
}

interface GridProps {
  page: PlanPage;
  grid: CompetenceCells[];
}

function StaffCells({ page, goal, wide }: { page: PlanPage; goal: GoalCells; wide: number }) {
  if (goal.staff.length === 0) return null;
  return (
    <tr class="is-staff">
      <td colSpan={wide}>
        <StaffMark /> <Pieces page={page} pieces={goal.staff} named />
      </td>
    </tr>
  );
}

function Grid({ page, grid }: GridProps) {
  const goals = grid.flatMap((c) => c.goals);
  const voices = names(goals, "voices");
  const tasks = names(goals, "tasks");
  const wide = 1 + (voices.length > 0 ? 1 : 0) + (tasks.length > 0 ? 1 : 0);
  const dash = <span class="muted">–</span>;
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col" class={wide > 1 ? "w1" : undefined}>{t("print.competence_goal")}</th>
          {voices.length > 0 && <th scope="col" class="w2">{voices.length === 1 ? voices[0] : t("print.in_own_words")}</th>}
          {tasks.length > 0 && <th scope="col">{tasks.length === 1 ? tasks[0] : t("print.tasks")}</th>}
        </tr>
      </thead>
      {grid.map((c) => (
        <tbody key={c.row.id}>
          {c.goals.length === 0 && (
            <tr>
              <th scope="row" colSpan={wide} dir="auto">
                {c.words || t("print.no_words")}
                <Pieces page={page} pieces={c.pieces} named />
              </th>
            </tr>
          )}
          {c.goals.map((g, i) => (
            <>
              <tr key={g.row.id}>
                <th scope="row">
                  {i === 0 ? (
                    <>
                      <span dir="auto">{c.words || t("print.no_words")}</span>
                      <Pieces page={page} pieces={c.pieces} named />
                    </>
                  ) : (
                    <span class="sr">{c.words}: </span>
                  )}
                  <span class="goaltxt" dir="auto">
                    {g.words}
                  </span>
                  {g.row.objective && (
                    <span class="goaltxt muted" dir="auto">
                      {g.row.objective}
                    </span>
                  )}
                  <Pieces page={page} pieces={g.school} named />
                </th>
                {voices.length > 0 && <td>{g.voices.length > 0 ? <Pieces page={page} pieces={g.voices} named={voices.length > 1} /> : dash}</td>}
                {tasks.length > 0 && <td>{g.tasks.length > 0 ? <Pieces page={page} pieces={g.tasks} named={tasks.length > 1} /> : dash}</td>}
              </tr>
              <StaffCells page={page} goal={g} wide={wide} />
            </>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/* Short words stand two beside each other, everything else takes the whole width. */
function Fields({ page, pieces }: { page: PlanPage; pieces: Piece[] }) {
  const short = (p: Piece) => isWords(p.field) && (p.value?.text ?? "").length < 400;
  const groups: Piece[][] = [];
  for (const p of pieces) {
    const last = groups.at(-1);
    if (short(p) && last && last[0] && short(last[0])) last.push(p);
    else groups.push([p]);
  }
  return (
    <>
      {groups.map((g) => (
        <div class={g.length > 1 ? "two" : "one"} key={g[0]?.field.key}>
          {g.map((p) => (
            <PieceBlock page={page} piece={p} key={p.field.key} />
          ))}
        </div>
      ))}
    </>
  );
}

function Section({ page, part }: { page: PlanPage; part: Part }) {
  return (
    <section>
      <h2 dir="auto">{pick(part.section.title)}</h2>
      {part.grid && part.grid.length > 0 && <Grid page={page} grid={part.grid} />}
      <Fields page={page} pieces={part.pieces} />
    </section>
  );
}

function Review({ review: r }: { review: PlanReview }) {
  return (
    <tr>
      <th scope="row" dir="auto">
        {r.course}
        <span class="goaltxt muted">
          <bdi>{r.by}</bdi>, <bdi>{day(r.enteredOn)}</bdi>
        </span>
        {!r.releasedAt && <StaffMark />}
      </th>
      <td>{r.value && r.scale ? labelOf(r.scale, r.value) : "–"}</td>
      <td>
        {r.comment && (
          <p class="lines" dir="auto">
            {r.comment}
          </p>
        )}
        {r.self && (r.self.value || r.self.comment) && (
          <p class="quote" dir="auto">
            <span class="cellpiece__l">{t("print.self")}: </span>
            {r.self.value ? labelOf(r.self.scale ?? r.scale, r.self.value) : ""} {r.self.comment}
          </p>
        )}
        {!r.comment && !r.self && <span class="muted">–</span>}
      </td>
    </tr>
  );
}

function Reviews({ reviews }: { reviews: PlanReview[] }) {
  return (
    <section>
      <h2>{t("print.reviews")}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col" class="w3">{t("print.course")}</th>
            <th scope="col" class="w5">{t("print.grade")}</th>
            <th scope="col">{t("print.comment")}</th>
          </tr>
        </thead>
        <tbody>
          {reviews.map((r) => (
            <Review review={r} key={r.id} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Meta({ page }: { page: PlanPage }) {
  const facts: [string, string][] = [[t("print.plan"), page.plan.title], [t("print.valid"), period(page.plan.startsOn, page.plan.endsOn)]];
  if (page.plan.state !== "published") facts.push([t("print.state"), t(`print.state_${page.plan.state}`)]);
  if (page.plan.createdBy) facts.push([t("print.made_by"), page.plan.createdBy]);
  if (page.meeting) facts.push([t("print.meeting"), `${day(page.meeting.startsAt.slice(0, 10))}, ${time(page.meeting.startsAt)}`]);
  return (
    <dl class="sheet__meta">
      {facts.map(([k, v]) => (
        <div key={k}>
          <dt>{k}</dt>
          <dd dir="auto">{v}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Props {
  page: PlanPage;
  copy: Copy;
  options: Options;
  /* The name of this sheet's kind of page, where it has a line of its own in the margin. */
  name?: string;
  signed?: SignedState | null;
  at: Date;
}

export function Sheet({ page, copy, options, name, signed, at }: Props) {
  const { home } = useApp();
  const log = options.log ? logOf(page) : [];
  const topics = options.log ? topicsOf(page) : [];
  return (
    <article class={`sheet ${name ?? ""}`} aria-label={page.student.name}>
      <header class="sheet__head">
        <div>
          <p dir="auto">{pick(page.form.title)}</p>
          <h1 tabIndex={-1} dir="auto">
            {page.student.name}
          </h1>
        </div>
        <p>
          <bdi>{home.school.name}</bdi>
          <br />
          <span class="small">{t(`print.copy_${copy}`)}</span>
        </p>
      </header>
      <Meta page={page} />
      {partsOf(page, copy).map((part) => (
        <Section page={page} part={part} key={part.section.key} />
      ))}
      {options.reviews && page.reviews.length > 0 && <Reviews reviews={page.reviews} />}
      {topics.length > 0 && (
        <section>
          <h2>{t("print.topics")}</h2>
          <Posts posts={topics} />
        </section>
      )}
      {log.length > 0 && (
        <section>
          <h2>{t("print.log")}</h2>
          <Posts posts={log} />
        </section>
      )}
      <div class="ending">
        {options.signatures && <Signatures page={page} own={copy === "staff" || copy === page.plan.hat} {...(signed ? { signed } : {})} />}
        <footer class="sheet__foot">
          <span>{t("print.printed", { date: day(at.toISOString().slice(0, 10)), time: time(at.toISOString()), name: home.viewer.name })}</span>
          <span>{t(`print.foot_${copy}`)}</span>
        </footer>
      </div>
    </article>
  );
}
