/* From one student to the next without the list between them. */
export function StudentSwitcher({ student }: { student: string; plan: string }) {
  return <nav class="switcher" data-student={student} />;
}
