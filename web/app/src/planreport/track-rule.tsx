/* For other pages: the link to the rule, which brings code and words along when it is drawn. */
import { later } from "../parts/later";

export const TrackRule = later(() => import("./rule"), "RuleLink", "reports");
