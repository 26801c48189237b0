/** What is done about obstacles that are found before anything is written. */
export const preflightModes = ['enforce', 'warn', 'off'] as const;
export type PreflightMode = (typeof preflightModes)[number];
