import { describe, expect, it } from '@jest/globals';
import { nameRepository, writeExamples, writeTables } from './writeTables.ts';

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
  it('writes both tables, and nothing else', () => {
    const written = writeTables(readme, action);
    expect(written).toBe(`# A

- uses: fork/other/actions/a@v1

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
    expect(writeTables(written, action)).toBe(written);
  });

  it('says which marker is missing', () => {
    expect(() => writeTables('# A\n', action)).toThrow('<!-- inputs -->');
  });
});

describe('writeExamples', () => {
  it('writes the file as it is, again and again', () => {
    const text = 'a\n<!-- example: x.yml -->\nold\n<!-- /example -->\nb\n';
    const written = writeExamples(text, (path) => `name: ${path}\n`);
    expect(written).toBe(
      'a\n<!-- example: x.yml -->\n\n```yaml\nname: x.yml\n```\n\n<!-- /example -->\nb\n',
    );
    expect(writeExamples(written, (path) => `name: ${path}\n`)).toBe(written);
  });
});

describe('nameRepository', () => {
  it('changes our own actions and no others', () => {
    const text = 'uses: fork/other/actions/a@v1\nuses: actions/checkout@v6\n';
    expect(nameRepository(text, 'acme/p')).toBe(
      'uses: acme/p/actions/a@v1\nuses: actions/checkout@v6\n',
    );
  });
});
