// Tests of the lab race with real programs. One that fails is tried once more, and named at the end:
// a race of the lab's should not stop everybody, and nobody should be able to overlook it.
import { jest } from '@jest/globals';

jest.retryTimes(1, { logErrorsBeforeRetry: true });
