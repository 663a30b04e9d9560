/* What can be done with a plan, for the head of its page; its code and words come when it is drawn. */
import { later } from "../parts/later";

export const PlanActs = later(() => import("./plan-acts"), "PlanActs", "students");
