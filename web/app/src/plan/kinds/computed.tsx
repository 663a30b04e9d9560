/* What nobody writes: it follows from the rest of the plan. */
import { t } from "../../i18n";
import type { FormField } from "../../plan-types";
import { usePlanContext } from "../context";
import { ReviewLine } from "../reviews";
import { StatusView } from "./status";

export function Computed({ field }: { field: FormField }) {
  const { page } = usePlanContext();
  if (field.computed === "reviews")
    return page.reviews.length === 0 ? (
      <p class="quote--empty">{t("plan.reviews_none")}</p>
    ) : (
      <ul class="stackv stackv--sm">
        {page.reviews.map((r) => (
          <ReviewLine review={r} key={r.id} />
        ))}
      </ul>
    );
  const open = page.tasks.filter((x) => x.category === "todo" || x.category === "doing");
  return open.length === 0 ? (
    <p class="quote--empty">{t("task.none_open")}</p>
  ) : (
    <ul class="stackv stackv--sm">
      {open.map((x) => (
        <li class="row" key={x.id}>
          <span dir="auto">{x.text}</span> <StatusView code={x.status} />
        </li>
      ))}
    </ul>
  );
}
