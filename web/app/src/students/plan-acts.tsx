/* What can be done with the plan that is open. */
import type { PlanPage } from "../plan-types";

export function PlanActs({ page }: { page: PlanPage; done: () => void }) {
  return <div class="btn-row" data-plan={page.plan.id} />;
}
