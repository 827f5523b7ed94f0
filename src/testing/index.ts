export { type Marker, markersIn } from './markers.js';
export { type TestRuleOptions, testRule } from './test-rule.js';
