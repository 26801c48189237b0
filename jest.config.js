const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jestTransform.mjs' },
  roots: ['actions', 'scripts', 'shared', 'test'].map((folder) => `<rootDir>/${folder}`),
  testEnvironment: 'node',
  injectGlobals: false,
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{shared,actions,scripts,test/lab,test/path}/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.lab\\.test\\.ts$'],
    },
    {
      ...common,
      displayName: 'lab',
      setupFilesAfterEnv: ['<rootDir>/scripts/secondTry.mjs'],
      testMatch: ['<rootDir>/{shared,actions,test/lab,test/actions,test/path}/**/*.lab.test.ts'],
    },
  ],
};
