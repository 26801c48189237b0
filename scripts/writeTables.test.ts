import { describe, expect, it } from '@jest/globals';
import { writeTables } from './writeTables.ts';

const action = {
  name: 'A',
  description: 'd',
  runs: { using: 'node24', main: 'm' },
  inputs: {
    image: { description: 'Name |\nof it.', required: true },
    push: { description: 'Whether.', default: 'true' },
    file: { description: 'Which.' },
  },
  outputs: { digest: { description: 'The digest.' } },
};
const readme = `# A

- uses: fork/other/actions/a@v1

<!-- inputs -->
old
<!-- /inputs -->
middle
<!-- outputs -->
<!-- /outputs -->
`;

describe('writeTables', () => {
  it('writes both tables and the repository, and nothing else', () => {
    const written = writeTables(readme, action, 'acme/platform-actions');
    expect(written).toBe(`# A

- uses: acme/platform-actions/actions/a@v1

<!-- inputs -->

| Input | What it is | Default |
| --- | --- | --- |
| \`image\` | Name \\| of it. | **required** |
| \`push\` | Whether. | \`true\` |
| \`file\` | Which. |  |

<!-- /inputs -->
middle
<!-- outputs -->

| Output | What it is |
| --- | --- |
| \`digest\` | The digest. |

<!-- /outputs -->
`);
    expect(writeTables(written, action, 'acme/platform-actions')).toBe(written);
  });

  it('says which marker is missing', () => {
    expect(() => writeTables('# A\n', action, 'a/b')).toThrow('<!-- inputs -->');
  });
});
