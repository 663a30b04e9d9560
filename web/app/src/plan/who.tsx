/* Who sees and who edits, in words, beside every field. */
import { t } from "../i18n";
import { Icon } from "../parts/icons";
import { useAudience, usePlanContext } from "./context";
import { isStaffOnly } from "./model";

interface Props {
  id?: string;
  seenBy: string;
  editedBy?: string;
}

export function StaffOnly({ id }: { id?: string }) {
  return (
    <span class="who who--staff" id={id}>
      <span>
        <Icon name="lock" />
        {t("plan.seen_staff")}
      </span>
    </span>
  );
}

export function Who({ id, seenBy, editedBy }: Props) {
  const { family } = usePlanContext();
  const { seen, edited } = useAudience();
  if (isStaffOnly(seenBy)) return <StaffOnly id={id} />;
  return (
    <span class="who" id={id}>
      <span>
        <Icon name="eye" />
        <span>
          <span class="sr">{t("plan.seen_by")} </span>
          {seen(seenBy)}
        </span>
      </span>
      {editedBy && !family && (
        <span>
          <Icon name="pen" />
          <span>
            <span class="sr">{t("plan.edited_by")} </span>
            {edited(editedBy)}
          </span>
        </span>
      )}
    </span>
  );
}

/* Somebody else has the cursor here. */
export function Writers({ names }: { names: string[] }) {
  if (names.length === 0) return null;
  return (
    <span class="writing" role="status">
      <Icon name="pen" />
      {t("plan.writing", { n: names.length, names: names.join(", ") })}
    </span>
  );
}

export function NewMark() {
  return <span class="newmark">{t("plan.new")}</span>;
}
