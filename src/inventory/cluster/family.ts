/** An IP version. Host addresses of the two families are kept apart, as keepalived and ipvsadm do. */
export type Family = 4 | 6;
