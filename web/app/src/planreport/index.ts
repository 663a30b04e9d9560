export { GroupReport } from "./group";
export { SchoolReport } from "./school";
export { StudentReport } from "./student";
