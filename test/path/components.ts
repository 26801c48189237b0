/** What a component is run and broken by; its sources are in test/components/<name>. */
export interface Component {
  readonly name: string;
  /** The file in workflows-examples/ that its repository has. */
  readonly workflow: string;
  /** What the page of a good rollout holds. */
  readonly page: RegExp;
  /** Lines at the end of its Dockerfile that bring in a package with a critical advisory. */
  readonly vulnerable: string;
}

export const components: readonly Component[] = [
  {
    name: 'map-web',
    workflow: 'node-web-app.yml',
    page: /<title>Cases by region<\/title>[\s\S]*map-web 1\.0\.0/,
    vulnerable: 'USER 0\nRUN npm install --prefix /opt/old minimist@1.2.5\nUSER 10001\n',
  },
  {
    name: 'static-site',
    workflow: 'static-site.yml',
    page: /<h1>Quarterly report<\/h1>/,
    vulnerable: [
      'USER 0',
      'RUN mkdir -p /opt/old/node_modules/minimist \\',
      ` && printf '{"name":"minimist","version":"1.2.5"}' > /opt/old/node_modules/minimist/package.json`,
      'USER 10001\n',
    ].join('\n'),
  },
];
