/** What is known of a chart without rendering it. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  /** Its defaults, YAML. */
  readonly values: string;
  /** All text in which it may use a value: templates, schema, conditions of its dependencies. */
  readonly mentions: string;
  /** The definitions that Helm installs once and never upgrades. */
  readonly crds: readonly { readonly file: string; readonly text: string }[];
  /** By the name under which the chart has their values. */
  readonly subcharts: ReadonlyMap<string, Chart>;
}
