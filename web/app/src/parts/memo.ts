/* Draws a component again only when one of its properties is another. */
import { Component, createElement, type ComponentType, type VNode } from "preact";

export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const now = this.props as Record<string, unknown>;
      return Object.entries(next).some(([k, v]) => k !== "children" && now[k] !== v);
    }
    override render(): VNode {
      return createElement(Inner, this.props as P) as VNode;
    }
  };
}
