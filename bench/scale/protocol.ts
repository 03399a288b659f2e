/** What a fake host has to understand of the observation: see src/observe/frame.ts and src/ssh/envelope.ts. */

/** The nonce that frames the answers to a script. */
export function nonceOf(script: string): string {
  return /^printf '\\n%s section %s\\n' ([0-9a-f]+) /m.exec(script)?.[1] ?? '';
}

/** The names of what a script asks for. */
export function sectionsOf(script: string): string[] {
  return [...script.matchAll(/^printf '\\n%s section %s\\n' [0-9a-f]+ (\S+)$/gm)].map(([, name = '']) => name);
}

/** The word by which a command line of lvsctl frames its script; undefined: it is none. */
export function frameOf(commandLine: string): string | undefined {
  return / lvsctl ([0-9a-f]{32})$/.exec(commandLine)?.[1];
}
