/* The plans of a printing, one after the other with a few under way: a group is many. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp } from "../app";
import type { PlanPage } from "../plan-types";
import { type Copy, dataPath } from "./model";
import type { SignedState } from "./signatures";

export interface Ready {
  page: PlanPage;
  signed: SignedState | null;
}

export interface Prepared {
  /* In the order asked for; null: it could not be had. */
  plans: (Ready | null)[];
  n: number;
  total: number;
  error: unknown;
}

const atOnce = 3;

/* Of the newest frozen copy; who may not ask prints without. */
async function signedOf(plan: string): Promise<SignedState | null> {
  try {
    return await api<SignedState>(`plans/${enc(plan)}/signatures`);
  } catch (e) {
    if (e instanceof ApiError && e.code === "expired") throw e;
    return null;
  }
}

export function usePrepared(ids: readonly string[], copy: Copy | null, again: number): Prepared {
  const { sessionEnded, home } = useApp();
  const [state, set] = useState<Prepared>({ plans: [], n: 0, total: ids.length, error: null });
  const own = home.viewer.role === "student" || home.viewer.role === "guardian" ? home.viewer.role : null;
  useEffect(() => {
    if (!copy) return;
    let left = false;
    const plans: (Ready | null)[] = ids.map(() => null);
    let next = 0;
    let n = 0;
    set({ plans: [], n: 0, total: ids.length, error: null });
    const worker = async () => {
      for (let i = next++; i < ids.length && !left; i = next++) {
        const id = ids[i] ?? "";
        try {
          const [page, signed] = await Promise.all([api<PlanPage>(dataPath(id, copy, own)), signedOf(id)]);
          plans[i] = { page, signed };
        } catch (e) {
          if (e instanceof ApiError && e.code === "expired") {
            sessionEnded();
            throw e;
          }
          /* One that is gone keeps no other from being printed. */
          if (!(e instanceof ApiError) || e.code !== "not_found" || ids.length === 1) throw e;
        }
        n++;
        if (!left) set((s) => ({ ...s, n }));
      }
    };
    Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, worker)).then(
      () => !left && set({ plans, n, total: ids.length, error: null }),
      (error: unknown) => {
        if (!left) set((s) => ({ ...s, error }));
        left = true;
      },
    );
    return () => {
      left = true;
    };
  }, [ids.join(), copy, again]);
  return state;
}

export const isReady = (p: Prepared) => p.total > 0 && p.n === p.total && p.plans.length === p.total;
