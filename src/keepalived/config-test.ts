/**
 * sh that tests a configuration on the host it is for, since interfaces and users matter. It sets `complaint` to what
 * keepalived said, and is true only when that is nothing and the exit code may be that of a sound file: whatever is said counts,
 * for keepalived warns of settings that it will ignore with exit code 0.
 *
 * keepalived 2.2 kills itself when it meets a script of another user than root (seen of 2.2.7; 2.3.3 does not): it believes that
 * its parent died, since it knows none in a test. What stands after the script is not read then, so it is asked again as the first
 * process of a namespace, which has no parent; where there are no namespaces, the exit code 143 has to be as good as 0.
 *
 * @param file a word of sh
 */
export function configTest(file: string): string {
  return [
    'code=0',
    `{ complaint=$(setsid keepalived -t -f ${file} 2>&1) || code=$?; } 2>/dev/null`,
    'if [ -z "$complaint" ] && [ "$code" -eq 143 ] && unshare -pf true 2>/dev/null; then',
    '  code=0',
    `  complaint=$(unshare -pf keepalived -t -f ${file} 2>&1) || code=$?`,
    'fi',
    '[ -z "$complaint" ] && { [ "$code" -eq 0 ] || [ "$code" -eq 143 ]; }',
  ].join('\n');
}
