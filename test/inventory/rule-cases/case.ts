/** An inventory that breaks one rule, the place marked by «, and a part of the message. */
export type Case = readonly [rule: string, text: string, message: string];
