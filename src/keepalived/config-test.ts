/**
 * sh that tests a configuration on the host it is for, since interfaces and users matter. It sets `complaint` to what
 * keepalived said, and is true only when that is nothing and the exit code may be that of a sound file: whatever is said counts,
 * for keepalived warns of settings that it will ignore with exit code 0.
 *
 * keepalived 2.2 sends SIGTERM to its own process group when it is done with a configuration that has scripts (seen of 2.2.7;
 * 2.3.3 does not): it gets a session of its own, and the exit code 143 that comes of it is as good as 0.
 *
 * @param file a word of sh
 */
export function configTest(file: string): string {
  return [
    'code=0',
    `{ complaint=$(setsid keepalived -t -f ${file} 2>&1) || code=$?; } 2>/dev/null`,
    '[ -z "$complaint" ] && { [ "$code" -eq 0 ] || [ "$code" -eq 143 ]; }',
  ].join('\n');
}
