// SPDX-License-Identifier: Apache-2.0
import {pieces} from './format.js';

// A name that breaks behind its separators before it breaks inside a word.
export const Name = ({text}) => pieces(text).map((piece, index) => (index ? [<wbr />, piece] : piece));
