/* From one student to the next, at the top of a plan; its code and words come when it is drawn. */
import { later } from "../parts/later";

export const StudentSwitcher = later(() => import("./switch"), "StudentSwitcher", "students");
