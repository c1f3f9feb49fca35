// Settings of a client, as the types that are shared name them. There is no client here, and so nobody has one of these.

export type Budget = never;
export type KeySource = never;
export type Limiter = never;
export type LimiterOptions = never;
