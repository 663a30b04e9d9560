/* One plan, for each role (loaded when somebody opens it). */
export { StaffPlan } from "./page";
export { ParentPlan, StudentPlan } from "./home";
