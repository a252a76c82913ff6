// The block interpreter of dsl/assembly in C, to compare with (c-baseline.ts): the same programs, pairs of operations, blocks and
// bits. ELEMENT is the type of the columns, double or float.
//
// block-interpreter <file>, where the file holds what `Header` says. Then each line of standard input is a request:
//   run             runs every program once and prints the seconds that took
//   columns <file>  runs every program once, writes its column to the file and prints "written"
#define _POSIX_C_SOURCE 200112L
#include "block-kernels.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef ELEMENT
#define ELEMENT double
#endif
typedef ELEMENT element;

/** Bytes of each operand that an instruction takes in a turn. */
#define TURN ((size_t)64)
#define ELEMENTS ((int)(TURN / sizeof(element)))
/** Bytes of each column that go through all instructions before the next ones do. */
#define BLOCK_BYTES ((size_t)2048)
#define MAXIMUM_TOKENS 1024
/** Programs that lie in the cache before the clock starts, as a search breeds them there. */
#define BATCH_PROGRAMS 64

typedef element vector __attribute__((vector_size(VECTOR_BYTES)));
#define VECTORS ((int)(TURN / VECTOR_BYTES))
/** As many elements as a vector of doubles has lanes. */
typedef element part __attribute__((vector_size(VECTOR_BYTES / sizeof(double) * sizeof(element))));
#define PARTS ((int)(TURN / sizeof(part)))

typedef struct Instruction Instruction;
typedef void Loop(const Instruction *instruction, size_t block, size_t bytes);
/** An address, how far it moves in a turn (0 for a constant) and a mask for the block's offset. */
typedef struct {
  char *at;
  size_t step, mask;
} Place;
struct Instruction {
  Loop *loop;
  Place out, operands[3];
};

static void *fail(const char *what) {
  fprintf(stderr, "block-interpreter: %s\n", what);
  exit(1);
}

static inline void *at(Place place, size_t block) { return place.at + (block & place.mask); }

// ---- Loops --------------------------------------------------------------------------------------------------------

#define EACH(k, count) for (int k = 0; k < (count); k++)
#define STEP(pointer, operand) pointer = (const void *)((const char *)pointer + i->operands[operand].step)

#define BINARY(name, OP)                                                      \
  static void name(const Instruction *i, size_t block, size_t bytes) {        \
    vector *out = at(i->out, block);                                          \
    const vector *a = at(i->operands[0], block), *b = at(i->operands[1], block); \
    for (const vector *end = out + bytes / VECTOR_BYTES; out < end; out += VECTORS) { \
      vector r[VECTORS];                                                      \
      EACH(k, VECTORS) r[k] = a[k] OP b[k];                                   \
      EACH(k, VECTORS) out[k] = r[k];                                         \
      STEP(a, 0);                                                             \
      STEP(b, 1);                                                             \
    }                                                                         \
  }

/** outer(inner(a, b), c), or outer(c, inner(a, b)): the value between stays in a register of the processor. */
#define PAIR_LOOP(name, EXPRESSION)                                           \
  static void name(const Instruction *i, size_t block, size_t bytes) {        \
    vector *out = at(i->out, block);                                          \
    const vector *a = at(i->operands[0], block), *b = at(i->operands[1], block), \
                 *c = at(i->operands[2], block);                              \
    for (const vector *end = out + bytes / VECTOR_BYTES; out < end; out += VECTORS) { \
      vector r[VECTORS];                                                      \
      EACH(k, VECTORS) r[k] = EXPRESSION;                                     \
      EACH(k, VECTORS) out[k] = r[k];                                         \
      STEP(a, 0);                                                             \
      STEP(b, 1);                                                             \
      STEP(c, 2);                                                             \
    }                                                                         \
  }
#define PAIR(outer, OUTER, inner, INNER)                       \
  PAIR_LOOP(inner##Then##outer, (a[k] INNER b[k]) OUTER c[k]) \
  PAIR_LOOP(inner##After##outer, c[k] OUTER(a[k] INNER b[k]))
#define PAIRS(outer, OUTER)       \
  PAIR(outer, OUTER, add, +)      \
  PAIR(outer, OUTER, subtract, -) \
  PAIR(outer, OUTER, multiply, *) \
  PAIR(outer, OUTER, divide, /)

BINARY(add, +)
BINARY(subtract, -)
BINARY(multiply, *)
BINARY(divide, /)
PAIRS(Add, +)
PAIRS(Subtract, -)
PAIRS(Multiply, *)
PAIRS(Divide, /)

static void squareRoot(const Instruction *i, size_t block, size_t bytes) {
  element *out = at(i->out, block);
  const element *a = at(i->operands[0], block);
  for (const element *end = out + bytes / sizeof(element); out < end; out += ELEMENTS) {
    element r[ELEMENTS];
    EACH(k, ELEMENTS) r[k] = sizeof(element) == sizeof(double) ? (element)sqrt(a[k]) : (element)sqrtf((float)a[k]);
    EACH(k, ELEMENTS) out[k] = r[k];
    STEP(a, 0);
  }
}

static inline doubles widen(part values) {
#if defined(__SSE2__) && VECTOR_BYTES == 16
  // Two floats are half a vector, which compilers convert one after the other.
  if (sizeof(part) == sizeof(double)) {
    __m128 low = {0};
    memcpy(&low, &values, sizeof values);
    return (doubles)_mm_cvtps_pd(low);
  }
#endif
  return __builtin_convertvector(values, doubles);
}

static inline part narrow(doubles values) {
#if defined(__SSE2__) && VECTOR_BYTES == 16
  if (sizeof(part) == sizeof(double)) {
    const __m128 low = _mm_cvtpd_ps((__m128d)values);
    part narrowed;
    memcpy(&narrowed, &low, sizeof narrowed);
    return narrowed;
  }
#endif
  return __builtin_convertvector(values, part);
}

/** Needs a place for the result that is no operand: what is not regular is looked at again. */
#define KERNEL(name, Range, Name)                                                              \
  static void name(const Instruction *i, size_t block, size_t bytes) {                         \
    part *out = at(i->out, block);                                                             \
    const part *a = at(i->operands[0], block);                                                 \
    for (const part *end = out + bytes / sizeof(part); out < end; out += PARTS) {              \
      longs regular[PARTS], every = ~(longs){0}, some = {0}, far = {0};                        \
      EACH(k, PARTS) {                                                                         \
        regular[k] = isRegular##Range(widen(a[k]));                                            \
        every &= regular[k];                                                                   \
        some |= regular[k];                                                                    \
      }                                                                                        \
      if (isAnyTrue(some)) EACH(k, PARTS) out[k] = narrow(vector##Name(widen(a[k])));          \
      if (isAnyTrue(~every)) {                                                                 \
        EACH(k, PARTS) {                                                                       \
          const doubles x = widen(a[k]);                                                       \
          out[k] = narrow(select(regular[k], widen(out[k]), special##Range(x)));               \
          far |= isFar##Range(x);                                                              \
        }                                                                                      \
        if (isAnyTrue(far))                                                                    \
          EACH(k, PARTS) EACH(lane, DOUBLES)                                                   \
            if (isFar##Range(widen(a[k]))[lane]) out[k][lane] = (element)scalar##Name(a[k][lane]); \
      }                                                                                        \
      STEP(a, 0);                                                                              \
    }                                                                                          \
  }
KERNEL(exponential, Exp, Exp)
KERNEL(logarithm, Log, Log)
KERNEL(sine, Angle, Sine)
KERNEL(cosine, Angle, Cosine)

enum { ARGUMENT = -1, CONSTANT = -2 };
enum { ADD, SUBTRACT, MULTIPLY, DIVIDE, PAIRABLE, SQUARE_ROOT = PAIRABLE, EXPONENTIAL, LOGARITHM, SINE, COSINE, OPERATIONS };

static Loop *const loops[OPERATIONS] = {
    add, subtract, multiply, divide, squareRoot, exponential, logarithm, sine, cosine,
};
/** Outer × inner × whether the inner one is the second operand. */
#define PAIR_ROW(outer)                                                                          \
  {                                                                                              \
    {addThen##outer, addAfter##outer}, {subtractThen##outer, subtractAfter##outer},              \
        {multiplyThen##outer, multiplyAfter##outer}, {divideThen##outer, divideAfter##outer},    \
  }
static Loop *const pairs[PAIRABLE][PAIRABLE][2] = {
    PAIR_ROW(Add), PAIR_ROW(Subtract), PAIR_ROW(Multiply), PAIR_ROW(Divide)};

// ---- What is read -------------------------------------------------------------------------------------------------

/**
 * What the file begins with. There follow: the four tables of the kernels, the columns one after another and the constants
 * of all programs, in doubles; productions × (operation, or −1 and the index of an argument, or −2), programs × (number of
 * tokens, number of constants), and the tokens of all programs, in 32-bit integers.
 */
typedef struct {
  int32_t points, inputs, productions, programs, tokens, constants;
} Header;

typedef struct {
  int32_t operation, argument;
} Production;
typedef struct {
  int32_t tokens, constants;
} Lengths;

static Header header;
static size_t columnBytes;
static char *columns;
static char *result;
static const Production *productions;
static const Lengths *lengths;
static const double *allConstants;
static const int32_t *allTokens;

static void *allocate(size_t bytes) {
  void *memory = NULL;
  if (posix_memalign(&memory, TURN, bytes + TURN) != 0) fail("no memory");
  memset(memory, 0, bytes);
  return memory;
}

static void readInto(FILE *file, void *memory, size_t bytes) {
  if (fread(memory, 1, bytes, file) != bytes) fail("the file is too short");
}

static void *readNew(FILE *file, size_t bytes) {
  void *memory = allocate(bytes);
  readInto(file, memory, bytes);
  return memory;
}

static void readAll(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail("the file cannot be opened");
  readInto(file, &header, sizeof header);
  readInto(file, expTable, sizeof expTable);
  readInto(file, logTable, sizeof logTable);
  readInto(file, sineTable, sizeof sineTable);
  readInto(file, twoOverPi, sizeof twoOverPi);
  const int points = header.points;
  columnBytes = (points * sizeof(element) + TURN - 1) / TURN * TURN;
  columns = allocate(columnBytes * header.inputs);
  result = allocate(columnBytes);
  double *column = allocate(points * sizeof(double));
  EACH(input, header.inputs) {
    readInto(file, column, points * sizeof(double));
    element *to = (element *)(columns + columnBytes * input);
    // Behind the last point nothing unusual should be computed.
    EACH(k, (int)(columnBytes / sizeof(element))) to[k] = (element)column[k < points ? k : points - 1];
  }
  allConstants = readNew(file, header.constants * sizeof(double));
  productions = readNew(file, header.productions * sizeof(Production));
  lengths = readNew(file, header.programs * sizeof(Lengths));
  allTokens = readNew(file, header.tokens * sizeof(int32_t));
  fclose(file);
}

// ---- Tokens to instructions ---------------------------------------------------------------------------------------

typedef struct {
  int32_t operation, uses;
  /** Children; of an argument its index. */
  int32_t children[2];
  double constant;
  /** 1 + the child that is computed with the node, or −1 where the node goes with its parent; then its register. */
  int32_t mark;
} Node;

static Node nodes[MAXIMUM_TOKENS];
static int nodeCount;
static Instruction instructions[MAXIMUM_TOKENS];
static element constantSplats[MAXIMUM_TOKENS * ELEMENTS] __attribute__((aligned(64)));
static element *constantEnd;
static char registers[MAXIMUM_TOKENS * BLOCK_BYTES] __attribute__((aligned(64)));
static int32_t freeRegisters[MAXIMUM_TOKENS];
static int freeCount, registerCount;

/** The root of a program. */
static int readProgram(const int32_t *tokens, int length, const double *constants) {
  static int32_t stack[MAXIMUM_TOKENS], nodeAt[MAXIMUM_TOKENS];
  int top = 0;
  nodeCount = 0;
  EACH(position, length) {
    const int32_t token = tokens[position];
    if (token < 0) {
      stack[top++] = nodeAt[-1 - token];
      continue;
    }
    Node *node = nodes + nodeCount;
    *node = (Node){.operation = productions[token].operation};
    if (node->operation == ARGUMENT) node->children[0] = productions[token].argument;
    else if (node->operation == CONSTANT) node->constant = *constants++;
    else {
      if (node->operation < PAIRABLE) nodes[node->children[1] = stack[--top]].uses++;
      nodes[node->children[0] = stack[--top]].uses++;
    }
    stack[top++] = nodeAt[position] = nodeCount++;
  }
  return stack[0];
}

/** Where a node is. At the node's last use its register is free. */
static Place placeOf(int index) {
  Node *node = nodes + index;
  if (node->operation == ARGUMENT) return (Place){columns + columnBytes * node->children[0], TURN, ~(size_t)0};
  if (node->operation == CONSTANT) {
    element *const splatted = constantEnd;
    EACH(k, ELEMENTS) splatted[k] = (element)node->constant;
    constantEnd += ELEMENTS;
    return (Place){(char *)splatted, 0, 0};
  }
  if (--node->uses == 0) freeRegisters[freeCount++] = node->mark;
  return (Place){registers + BLOCK_BYTES * node->mark, TURN, 0};
}

static int takeRegister(void) { return freeCount == 0 ? registerCount++ : freeRegisters[--freeCount]; }

static int isPairable(const Node *node) {
  return (uint32_t)node->operation < PAIRABLE && node->uses == 1;
}

/** Turns the nodes into instructions, the root's into one that writes the result: the end of the instructions. */
static const Instruction *schedule(int root) {
  for (int index = root; index > 0; index--) {
    Node *node = nodes + index;
    if ((uint32_t)node->operation >= PAIRABLE || node->mark < 0) continue;
    EACH(k, 2) {
      Node *inner = nodes + node->children[k];
      if (!isPairable(inner)) continue;
      node->mark = 1 + k;
      inner->mark = -1;
      break;
    }
  }
  constantEnd = constantSplats;
  freeCount = registerCount = 0;
  Instruction *instruction = instructions;
  for (int index = 0; index <= root; index++) {
    Node *node = nodes + index;
    const int operation = node->operation;
    if (operation < 0 || node->mark < 0) continue;
    // Arithmetic may write where it reads. The kernels look at their operand twice.
    int taken = operation < EXPONENTIAL || index == root ? -1 : takeRegister();
    Place *const operands = instruction->operands;
    if (node->mark == 0) {
      instruction->loop = loops[operation];
      operands[0] = placeOf(node->children[0]);
      if (operation < PAIRABLE) operands[1] = placeOf(node->children[1]);
    } else {
      const int second = node->mark - 1;
      const Node *inner = nodes + node->children[second];
      instruction->loop = pairs[operation][inner->operation][second];
      operands[0] = placeOf(inner->children[0]);
      operands[1] = placeOf(inner->children[1]);
      operands[2] = placeOf(node->children[1 - second]);
    }
    if (index == root) instruction->out = (Place){result, TURN, ~(size_t)0};
    else {
      node->mark = taken < 0 ? takeRegister() : taken;
      instruction->out = (Place){registers + BLOCK_BYTES * node->mark, TURN, 0};
    }
    instruction++;
  }
  return instruction;
}

/** Runs a program on all points; its column is the result. */
static void runProgram(const int32_t *tokens, int length, const double *constants) {
  const int root = readProgram(tokens, length, constants);
  if (nodes[root].operation == ARGUMENT) {
    memcpy(result, columns + columnBytes * nodes[root].children[0], columnBytes);
    return;
  }
  if (nodes[root].operation == CONSTANT) {
    EACH(k, (int)(columnBytes / sizeof(element))) ((element *)result)[k] = (element)nodes[root].constant;
    return;
  }
  const Instruction *end = schedule(root);
  for (size_t block = 0; block < columnBytes; block += BLOCK_BYTES) {
    const size_t bytes = columnBytes - block < BLOCK_BYTES ? columnBytes - block : BLOCK_BYTES;
    for (const Instruction *instruction = instructions; instruction < end; instruction++)
      instruction->loop(instruction, block, bytes);
  }
}

// ---- Requests -----------------------------------------------------------------------------------------------------

static double secondsNow(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/** Runs every program once: the seconds that took, without those for bringing programs near and for writing columns. */
static double runAll(FILE *written) {
  static int32_t tokens[BATCH_PROGRAMS * MAXIMUM_TOKENS];
  static double constants[BATCH_PROGRAMS * MAXIMUM_TOKENS];
  const int32_t *nextTokens = allTokens;
  const double *nextConstants = allConstants;
  double seconds = 0;
  for (int first = 0; first < header.programs; first += BATCH_PROGRAMS) {
    const int count = header.programs - first < BATCH_PROGRAMS ? header.programs - first : BATCH_PROGRAMS;
    Lengths all = {0, 0};
    EACH(k, count) {
      all.tokens += lengths[first + k].tokens;
      all.constants += lengths[first + k].constants;
    }
    memcpy(tokens, nextTokens, all.tokens * sizeof *tokens);
    memcpy(constants, nextConstants, all.constants * sizeof *constants);
    nextTokens += all.tokens;
    nextConstants += all.constants;
    const int32_t *token = tokens;
    const double *constant = constants;
    const double started = secondsNow();
    EACH(k, count) {
      runProgram(token, lengths[first + k].tokens, constant);
      token += lengths[first + k].tokens;
      constant += lengths[first + k].constants;
      if (written == NULL) continue;
      if (fwrite(result, sizeof(element), header.points, written) != (size_t)header.points) fail("a column cannot be written");
    }
    seconds += secondsNow() - started;
  }
  return seconds;
}

int main(int count, char **arguments) {
  if (count != 2) fail("needs a file");
  readAll(arguments[1]);
  char request[4096];
  while (fgets(request, sizeof request, stdin) != NULL) {
    request[strcspn(request, "\n")] = 0;
    if (strcmp(request, "run") == 0) printf("%.9f\n", runAll(NULL));
    else if (strncmp(request, "columns ", 8) == 0) {
      FILE *written = fopen(request + 8, "wb");
      if (written == NULL) fail("the file for columns cannot be opened");
      runAll(written);
      if (fclose(written) != 0) fail("a column cannot be written");
      printf("written\n");
    } else fail("no such request");
    fflush(stdout);
  }
  return 0;
}
