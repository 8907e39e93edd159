import { Demo } from './demo';

afterAll(() => Demo.killLeftOvers());
