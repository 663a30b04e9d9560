/* A field to find something in a list by. */
import { Icon } from "./icons";

interface Props {
  id?: string;
  label: string;
  value: string;
  ask: (text: string) => void;
}

export function Search({ id = "find", label, value, ask }: Props) {
  return (
    <div class="search">
      <Icon name="search" />
      <label class="sr" for={id}>
        {label}
      </label>
      <input class="input" id={id} type="search" placeholder={label} value={value} onInput={(e) => ask(e.currentTarget.value)} />
    </div>
  );
}
