/* Lines to sign on, and what was signed already, with the mark of what it was. */
import { day, t } from "../i18n";
import type { Hat, PlanPage } from "../plan-types";

/* What GET /api/plans/:id/signatures says that paper needs. */
export interface SignedState {
  copies: {
    id: string;
    hash: string | null; // of the viewer's own copy
    changed?: boolean;
    requests: { name: string; hat: Hat; answer: "signed" | "declined" | null; answeredAt?: string; method?: string }[] | null;
  }[];
  people: { name: string; hat: Hat }[];
}

interface Props {
  page: PlanPage;
  signed?: SignedState;
  /* The sheet is what its reader signs, so that the mark is its own. */
  own: boolean;
}

function Signed({ signed, own }: { signed: SignedState; own: boolean }) {
  const copy = signed.copies[0];
  const done = copy?.requests?.filter((r) => r.answer === "signed") ?? [];
  if (!copy || done.length === 0) return null;
  return (
    <>
      <h2>{t("print.signed")}</h2>
      <ul class="plainlist">
        {done.map((r) => (
          <li key={r.name}>
            <bdi>{r.name}</bdi>, {t(`print.hat_${r.hat}`)}, <bdi>{day((r.answeredAt ?? "").slice(0, 10))}</bdi> ({t(`print.method_${r.method ?? "app"}`)})
          </li>
        ))}
      </ul>
      {copy.changed && <p class="small">{t("print.changed_since")}</p>}
      {own && copy.hash && <p class="small muted hash">{t("print.hash", { hash: copy.hash, id: copy.id })}</p>}
    </>
  );
}

const lines = 4;

export function Signatures({ page, signed, own }: Props) {
  const guardians = (signed?.people ?? []).filter((p) => p.hat === "guardian").slice(0, lines - 2);
  return (
    <section class="signing">
      {signed && <Signed signed={signed} own={own} />}
      <div class="sign">
        <div>
          <bdi>{page.student.name}</bdi>
          <small>{t("print.sign_student")}</small>
        </div>
        {guardians.map((g) => (
          <div key={g.name}>
            <bdi>{g.name}</bdi>
            <small>{t("print.sign_guardian")}</small>
          </div>
        ))}
        {guardians.length === 0 && (
          <div>
            {t("print.guardian")}
            <small>{t("print.sign_date")}</small>
          </div>
        )}
        <div>
          {t("print.mentor")}
          <small>{t("print.sign_date")}</small>
        </div>
      </div>
    </section>
  );
}
