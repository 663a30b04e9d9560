/* Files to the server, with how far they have come, and from it. */
import { ApiError, identity } from "../api";

interface Refusal {
  error?: { code?: string; message?: string; field?: string };
}

export function upload<T>(path: string, file: File, progress: (part: number) => void): Promise<T> {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open("POST", `/api/${path}`);
    x.responseType = "json";
    for (const [name, value] of Object.entries(identity())) x.setRequestHeader(name, value);
    x.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    x.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    x.onerror = () => fail(new ApiError(0, "unreachable", "", null, null));
    x.onload = () => {
      if (x.status < 300) return done(x.response as T);
      const { code, message, field } = (x.response as Refusal | null)?.error ?? {};
      fail(new ApiError(x.status, x.status === 401 ? "expired" : (code ?? "internal"), message ?? "", field ?? null, x.response));
    };
    x.send(file);
  });
}

export async function download(path: string, name: string): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(`/api/${path}`, { headers: identity(), credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new ApiError(0, "unreachable", "", null, null);
  }
  if (!answer.ok) throw new ApiError(answer.status, answer.status === 401 ? "expired" : "not_found", "", null, null);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
